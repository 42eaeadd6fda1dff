"""What every address answers to whom: one line an address, by its name.

A line says for GET and for POST the kind of address and the code for those who may; what is not
named is 405 for all. `address_lines.py` says who may, and what the others are told. Strangers are
not here: `test_addresses.py` sends them to the sign-in page everywhere.
"""

from tests.project.address_lines import Line, act, asked, page

CATALOGO = {"layout": "catalogo"}
NO_UID = "00000000-0000-4000-8000-000000000000"
FASI = {"word": "fasi"}

ADDRESSES = {
    # --- the desk, the library, what is public
    "health": page("everyone"),
    "metrics": page("nobody"),  # the operator alone, signed in or not
    "risk:desk": page("everyone"),
    "risk:search": page("everyone"),
    "risk:library": page("everyone"),
    "risk:library_process": page("library"),
    "risk:library_annexes": page("everyone"),
    "risk:library_copy": act("everyone"),
    "risk:library_save": act("writes", 302),
    "risk:verify": Line(get="everyone 200", post="everyone 200"),
    "risk:published": page("everyone"),
    "risk:published_plan": page("nobody"),  # until it is published
    "risk:published_part": page("nobody", parts={"name": "sintesi"}),
    "risk:published_comparison": page("nobody"),
    "risk:published_annex": page("nobody", parts={"number": "1"}),
    "risk:published_annex_file": page("nobody", parts={"number": "1"}),
    "risk:published_round": page("nobody"),
    "risk:published_round_paper": page("nobody"),
    "risk:published_round_data": page("nobody"),
    "risk:published_round_population": page("nobody"),
    "risk:published_round_table": page("nobody", parts={"name": "uffici"}),
    "risk:published_review": page("nobody", parts={"year": "2021"}),
    "risk:published_review_paper": page("nobody", parts={"year": "2021"}),
    "risk:published_review_data": page("nobody", parts={"year": "2021"}),
    "risk:published_state": page("nobody", parts={"year": "2021"}),
    "risk:published_state_paper": page("nobody", parts={"year": "2021"}),
    "risk:published_state_data": page("nobody", parts={"year": "2021"}),
    "risk:published_state_table": page("nobody", parts={"year": "2021", "name": "uffici"}),
    "risk:published_file": page("nobody", parts={"suffix": "pdf"}),
    "risk:open_data": page("nobody"),
    "risk:open_data_table": page("nobody", parts={"name": "processi"}),
    "risk:open_data_record": page("nobody"),
    "risk:open_data_catalogue": page("nobody"),
    "risk:trail_head": page("nobody"),  # until the body publishes
    # the draft of a plan, by a word nobody guesses and a link that was mailed
    "risk:consultation": page("everyone"),
    "risk:consultation_paper": page("everyone"),
    "risk:consultation_part": page("everyone", parts={"name": "sintesi"}),
    "risk:consultation_annex": page("everyone"),
    "risk:consultation_contribute": Line(get="everyone 200", post="everyone 200"),
    "risk:consultation_confirm": Line(get="everyone 200", post="everyone 200"),
    "risk:open_data_schema": page("everyone"),
    # --- one's own access
    "account_change_password": Line(get="everyone 200", post="everyone 200"),
    "account_inactive": page("everyone"),
    "account_login": Line(get="everyone 302", post="everyone 302"),  # they are in already
    "account_reauthenticate": Line(get="everyone 200", post="everyone 200"),
    "account_reset_password": Line(get="everyone 200", post="everyone 200"),
    "account_set_password": Line(get="everyone 200", post="everyone 200"),
    "account_reset_password_done": page("everyone"),
    "account_reset_password_from_key": Line(
        get="everyone 200", post="everyone 200", parts={"uidb36": "1", "key": "x"}
    ),
    "account_reset_password_from_key_done": page("everyone"),
    "mfa_index": page("everyone"),
    "who_is_in": page("everyone"),
    "mfa_authenticate": Line(get="everyone 302", post="everyone 302"),
    "mfa_reauthenticate": Line(get="everyone 302", post="everyone 302"),
    "mfa_activate_totp": Line(get="everyone 302", post="everyone 302"),  # the password first
    "mfa_generate_recovery_codes": Line(get="everyone 302", post="everyone 302"),
    # nothing there before a second factor is
    "mfa_deactivate_totp": Line(get="nobody 404", post="nobody 404"),
    "mfa_view_recovery_codes": page("nobody"),
    "mfa_download_recovery_codes": Line(get="nobody 404", post="nobody 404"),
    # nothing there without an identity provider
    "openid_connect_login": Line(get="nobody 404", post="nobody 404"),
    "openid_connect_callback": Line(get="nobody 404", post="nobody 404"),
    "socialaccount_login_cancelled": page("everyone"),
    "registry:logout": act("everyone", 302),
    # --- long work
    "registry:jobs": page("everyone"),
    "registry:prepare_list": act("nobody", 404),  # no page has offered one
    "registry:job": Line(get="job 200", post="job 302"),
    "registry:job_progress": Line(get="job 302"),  # without htmx it leads to the page
    "registry:job_file": page("job"),
    # --- lists one chooses from by typing
    "registry:offices_anywhere": page("everyone"),
    "registry:suggestions": page("library", parts={"name": "uffici"}),
    # --- people
    "registry:profile": Line(get="everyone 200", post="everyone 302"),
    # nobody was invited here
    "registry:invitation": Line(get="nobody 404", post="nobody 404", parts={"uid": NO_UID}),
    "registry:withdraw_invitation": act("nobody", 404, parts={"uid": NO_UID}),
    "registry:trail": page("trails", code=302),  # on to the only body; a keeper sees all there
    "registry:trail_of": page("trail"),
    "registry:people": page("people", code=302),  # on to the only body, or among several
    "registry:people_of": page("keepers"),
    "registry:invite": Line(get="keepers 200", post="keepers 200"),
    "registry:end_membership": Line(get="keepers, hidden 200", post="keepers, hidden 200"),
    "registry:hand_over": Line(get="keepers, hidden 200", post="keepers, hidden 200"),
    "registry:name_deputy": Line(get="keepers, hidden 200", post="keepers, hidden 200"),
    "registry:invite_again": act("keepers, hidden", 302),
    # --- the body and its offices: its RPCT and the keeper of the installation
    "registry:settings": Line(get="keepers, hidden 200", post="keepers, hidden 200"),
    "registry:offices": page("keepers, hidden"),
    "registry:office_add": Line(get="keepers, hidden 200", post="keepers, hidden 200"),
    "registry:offices_add": Line(get="keepers, hidden 200", post="keepers, hidden 200"),
    "registry:undo": act("keepers, hidden", 302),  # of an act that is named
    "registry:office": Line(get="keepers, hidden 200", post="keepers, hidden 200"),
    # --- the plan
    "risk:plan_new": Line(get="rpct 200", post="rpct 200"),
    "risk:plan_data": Line(get="rpct 200", post="rpct 200"),
    "risk:plan": Line(get="members 200", post="members 409", data={"verb": "close"}),
    "risk:plan_ask": act("members", 409, data={"verb": "close"}),
    "risk:plan_processes": page("members"),
    "risk:plan_behaviours": page("members"),
    "risk:plan_measures": page("members"),
    "risk:plan_figures": page("members"),
    "risk:plan_weight": page("whole"),
    "risk:plan_repeated": Line(get="whole 200", post="rpct 409"),  # nothing was shown
    "risk:plan_rounds": page("members"),
    "risk:plan_round_new": Line(get="nobody 404", post="nobody 404"),  # it is not in force
    # a move that is not the next is told on the page
    "risk:round": Line(get="members 200", post="keeps 302", data={"verb": "close"}),
    "risk:round_change": Line(get="keeps 200", post="keeps 200"),  # nothing is typed
    "risk:round_remove": Line(get="nobody 404", post="nobody 404"),  # the round here is open
    "risk:round_ask": act("keeps", 302, data={"verb": "close"}),  # nor may that one be made
    "risk:round_assign": act("keeps", 200),  # no office is named
    "risk:round_sample": Line(get="members 200", post="keeps 200"),  # nothing is typed
    "risk:round_population": page("members"),
    "risk:round_follow_ups": Line(get="members 200", post="keeps 200"),  # nothing is typed
    "risk:follow_up": Line(get="reads 200", post="answers 200"),
    # the round of the world is open: it has no report yet
    "risk:round_report": page("nobody"),
    "risk:round_report_prepare": act("nobody"),
    "risk:round_correct": Line(get="nobody 404", post="nobody 404"),
    "risk:round_issue_file": page("nobody", parts={"suffix": "pdf", "uid": NO_UID}),
    "risk:round_office_sheet": Line(get="nobody 404", post="nobody 404"),
    "risk:round_office": Line(get="reads 200", post="answers 302"),
    "risk:round_confirm": act("confirms", 302),  # nothing is ticked
    "risk:round_item": Line(get="reads 200", post="answers 302"),
    "risk:round_measure": act("answers", 200),  # nothing is typed
    "risk:round_step": act("answers", 302),  # no version is sent
    "risk:round_prove": act("answers", 200),
    "risk:round_check": act("decides", 200),
    "risk:round_evidence_file": page("reads"),
    "risk:round_books": Line(get="importers 200", post="importers 200"),  # no file is given
    "risk:round_books_prepare": act("keeps", 302),
    "risk:round_office_book": page("reads"),
    "risk:round_brought": Line(get="import 200", post="import 302"),
    "risk:plan_suitability": page("members"),
    "risk:suitability": Line(get="reads 200", post="decides 302"),  # it is not in force
    "risk:plan_proposals": Line(get="members 200", post="keeps 302"),  # nothing is proposed
    "risk:plan_state": page("whole"),
    "risk:plan_facts": Line(get="rpct 200", post="rpct 302"),  # it is not in force
    "risk:fact": Line(get="rpct 200", post="rpct 200"),  # nothing is typed
    "risk:plan_review": Line(get="whole 200", post="reviews 302"),  # it is not in force
    "risk:plan_year_prepare": act("whole", 302, data={"formato": "xlsx", "documento": "stato"}),
    # nothing is proposed to a measure that is no copy
    "risk:proposal_decide": Line(get="nobody 404", post="nobody 404"),
    "risk:plan_comparison": page("whole"),
    "risk:plan_comparison_document": act("nobody", 404),  # the body has no other plan
    "risk:plan_chapters": page("members"),
    "risk:plan_chapters_prepare": act("rpct", 302),
    "risk:plan_chapter_new": Line(get="rpct 200", post="rpct 200"),  # nothing is typed
    "risk:plan_chapter": Line(get="members 200", post="keeps 200"),  # nothing is typed
    "risk:plan_chapter_review": act("importers", 200, data={"atto": "osserva"}),  # nothing is typed
    "risk:plan_chapter_keep": act("keeps", 302, data={"atto": "su"}),
    "risk:plan_contributions": page("members"),
    "risk:plan_consultation_open": Line(get="rpct 200", post="rpct 200"),  # nothing is typed
    "risk:plan_consultation_draw": act("nobody", 404),  # nothing is open
    "risk:plan_consultation_withdraw": act("nobody", 404),  # nothing is open
    "risk:plan_contribution_rows": page("rpct", parts={"kind": "tutte"}),
    "risk:plan_contribution_new": Line(get="rpct 200", post="rpct 200"),  # nothing is typed
    "risk:plan_contribution": Line(get="reads 200", post="decides 302", data={"version": "1"}),
    "risk:plan_history": page("members"),
    "risk:plan_objectives": page("members"),
    "risk:plan_objective_new": Line(get="rpct 200", post="rpct 200"),  # nothing is typed
    "risk:plan_objective": Line(get="members 200", post="keeps 302"),
    "risk:plan_objective_keep": act("keeps", 302, data={"atto": "su"}),
    "risk:objective_indicator_add": act("keeps", 200),  # nothing is typed
    "risk:objective_indicator": act("keeps", 200),
    "risk:objective_indicator_remove": act("keeps", 302),
    "risk:plan_workbook": page("members", parts=CATALOGO),
    "risk:prepare_plan_workbook": act("members", 302, parts=CATALOGO),
    "risk:empty_workbook": page("members", parts=CATALOGO),
    # these are there only in the states they are made for
    "risk:plan_adopt": Line(get="nobody 404", post="nobody 404"),
    "risk:plan_confirm": Line(get="nobody 404", post="nobody 404"),
    "risk:plan_discard": act("nobody", 404),  # it was copied from no other
    "risk:plan_copy": Line(get="nobody 404", post="nobody 404"),
    "risk:plan_days": Line(get="nobody 404", post="nobody 404"),
    "risk:plan_file": page("nobody", parts={"suffix": "pdf"}),
    "risk:plan_document": act("whole", 302),
    "risk:plan_emblem": act("rpct", 200),  # no file is given
    "risk:plan_parts": Line(get="whole 200", post="whole 200"),  # nothing is chosen
    "risk:plan_choice": Line(get="whole 200", post="whole 200"),
    "risk:plan_choice_document": act("whole", 302),
    "risk:plan_choice_text": act("whole", 302, parts={"suffix": "docx"}),
    "risk:plan_pack": act("whole", 302),
    "risk:plan_text": act("whole", 302, parts={"suffix": "docx"}),
    "risk:plan_methods": Line(get="rpct 200", post="rpct 200"),  # nothing is chosen
    "risk:plan_annex_open": act("rpct", 404),  # no office is named
    "risk:plan_exempt": act("rpct", 302),
    "risk:plan_several": act("rpct", 302, parts={"act": "sollecita"}),  # nobody is chosen
    "risk:plan_deadline": Line(
        get="rpct 200", post="rpct 200", parts={"kind": "trasmissione", "day": "2020-01-01"}
    ),
    # --- lists: of a body its RPCT and the keeper of the installation
    "risk:catalogues": page("people", code=302),  # on to the only body, or among several
    "risk:catalogues_of": page("keepers, hidden"),
    "risk:catalogue": page("keepers, hidden", parts={"word": "aree"}),
    "risk:catalogue_add": Line(
        get="keepers, hidden 200", post="keepers, hidden 200", parts={"word": "aree"}
    ),
    "risk:catalogue_entry": Line(
        get="keepers, hidden 200", post="keepers, hidden 200", parts={"word": "aree"}
    ),
    # --- a file on its way into the register, read already
    "risk:import_start": Line(get="importers 200", post="importers 200"),
    "risk:import": page("import", code=302),
    "risk:import_read": act("import", 302),
    "risk:import_columns": Line(get="import 200", post="import 200"),
    "risk:import_values": Line(get="import 200", post="import 302"),  # nothing is asked
    "risk:import_preview": Line(get="import 200", post="import 302"),
    "risk:import_office": act("import", 302),  # none is named
    "risk:import_problems": page("import", code=404, parts={"suffix": "csv"}),  # it has none
    "risk:import_discard": act("import", 302),
    "risk:import_undo": act("import", 302),
    # --- the annex
    "risk:annex": page("reads", parts=CATALOGO),
    "risk:annex_file": page("reads", parts={**CATALOGO, "suffix": "html"}),
    "risk:prepare_annex": act("reads", 302, parts=CATALOGO),
    "risk:annex_workbook": page("reads", parts=CATALOGO),
    "risk:prepare_workbook": act("reads", 302, parts=CATALOGO),
    "risk:annex_history": page("reads"),
    "risk:figures": page("reads"),
    "risk:completeness": page("reads"),
    "risk:mapping": Line(get="reads 200", post="writes 302"),
    "risk:mapping_add": act("writes"),
    "risk:mapping_outline": asked(),
    "risk:mapping_paste": asked(),
    "risk:mapping_renumber": act("writes", 302),
    "risk:judged": page("reads"),
    "risk:repeated": Line(get="reads 200", post="writes 409"),  # nothing was shown
    "risk:bulk": Line(get="reads 200", post="writes 200", parts={"kind": "processi"}),
    "risk:last_act": page("reads", 302),  # asked by a page; else it leads to the map
    "risk:undo": act("writes", 302),  # of their last act, where there is one
    # a move that is not theirs is refused on the page itself
    "risk:workflow": Line(get="reads 200", post="reads 409", data={"verb": "submit"}),
    "risk:ask_move": Line(post="reads 409", data={"verb": "submit"}),
    "risk:changes": page("reads"),
    "risk:changes_marked": act("nobody", 404),  # the plan is a first edition
    # who does not approve now is led to what changed; nothing is done of no process
    "risk:review": Line(get="reads 302", post="nobody 404", data={"act": "approve"}),
    "risk:ask_return": act("nobody", 404),  # of no process
    # only while it is submitted, and only for its head: else refused on the page itself
    "risk:approve_annex": act("reads", 409),
    "risk:approve_process": act("reads", 409),
    "risk:issue_comparison": page("nobody"),  # one issue alone has none before it
    "risk:issue_file": page("reads", parts={"suffix": "json"}),
    "risk:protocol": Line(get="rpct 200", post="rpct 200"),
    # --- entries asked for
    "risk:entry_ask": Line(get="writes 200", post="writes 200"),
    "risk:entry_request": Line(get="reads 200", post="decides 200"),
    "risk:entry_requests": page("everyone"),
    "risk:entries_wanted": page("writes", 302),
    # --- remarks: who only reads makes none, and nobody says what was said before
    "risk:remarks": Line(get="reads 200", post="writes 200"),
    "risk:row_remarks": Line(get="reads 200", post="writes 200", parts={"kind": "phase"}),
    "risk:remark": Line(get="reads 200", post="writes 200"),
    "risk:remark_close": act("writes", 302),
    "risk:executed": page("everyone"),
    # --- the process
    "risk:process_sheet": Line(get="reads 200", post="writes 302"),
    "risk:process_sheet_present": page("reads"),
    "risk:process_sheet_part": act("writes", parts={"part": "identita"}),
    "risk:reconfirm_process": act("writes", 302),
    "risk:process_history": page("reads"),
    "risk:row_save": act("writes"),
    "risk:row_act": act("writes", 302, parts={"verb": "duplica"}),
    "risk:phases_paste": asked(),
    "risk:measures_paste": asked(),
    "risk:phase_add": act("writes"),
    "risk:phase": act("writes"),
    "risk:phase_split": asked(),
    "risk:phase_merge": Line(get="writes 302", post="writes 302"),  # the only phase there is
    "risk:phase_remove": asked(302),
    "risk:action_add": act("writes"),
    "risk:action": act("writes"),
    "risk:action_remove": asked(302),
    "risk:behaviour_add": act("writes"),
    "risk:behaviour": act("writes"),
    "risk:behaviour_remove": asked(302),
    "risk:matrix": act("writes", 302),
    "risk:assessment": Line(get="reads 200", post="writes 200"),
    # --- the treatment
    "risk:treatment": page("reads"),
    "risk:measure_general": act("writes"),
    "risk:measure_add": asked(),
    "risk:measure_remove": act("writes", 302),
    "risk:answered": page("everyone"),
    "risk:answered_office": page("reads"),
    "risk:programme": Line(get="reads 200", post="writes 302"),  # nothing is sent, all is saved
    "risk:programme_reach": act("writes"),
    "risk:programme_add": act("writes", parts=FASI),
    "risk:programme_row": act("writes", parts=FASI),
    "risk:programme_remove": act("writes", 302, parts=FASI),
    # --- the back office, but its lists
    "admin:index": Line(get="everyone 200", post="everyone 200"),
    "admin:app_list": Line(
        get="everyone 200", post="everyone 200", parts={"app_label": "registry"}
    ),
    "admin:autocomplete": page("everyone", code=403),  # of no field at all
    "admin:jsi18n": page("everyone"),
    "admin:login": Line(get="everyone 302", post="everyone 302"),
    "admin:logout": act("everyone", 302),
    "admin:password_change": Line(get="everyone 200", post="everyone 200"),
    "admin:password_change_done": page("everyone"),
    "admin:auth_user_password_change": Line(get="superuser 200", post="superuser 200"),
    "admin:view_on_site": Line(
        get="nobody 404", post="nobody 404", parts={"content_type_id": "1", "object_id": "1"}
    ),
}
