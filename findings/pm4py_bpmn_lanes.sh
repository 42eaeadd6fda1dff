#!/bin/sh
# A process drawn in BPMN, read and written by pm4py 2.7.23.11.
#
# Guess: who does what (lanes), what is written beside a task, and the name of the process are there after reading.
# Seen:  nobody of the lanes, no documentation and no name of the process is read; a task done by hand becomes any task.
#        What is written then has one empty lane. Nothing says so.
# Needs: python3 with pip, Debian's graphviz (pm4py places what it writes by it).
set -eu
for tool in python3 dot; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" pm4py==2.7.23.11
cd "$work"
cat >given.bpmn <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:esempio">
  <collaboration id="c"><participant id="p" name="Comune" processRef="one"/></collaboration>
  <process id="one" name="Rilascio di un permesso" isExecutable="false">
    <laneSet id="lanes">
      <lane id="l1" name="Sportello"><flowNodeRef>s</flowNodeRef><flowNodeRef>t1</flowNodeRef></lane>
      <lane id="l2" name="Responsabile"><flowNodeRef>t2</flowNodeRef><flowNodeRef>e</flowNodeRef></lane>
    </laneSet>
    <startEvent id="s" name="Istanza"><outgoing>f1</outgoing></startEvent>
    <userTask id="t1" name="Istruttoria"><documentation>Entro 30 giorni</documentation>
      <incoming>f1</incoming><outgoing>f2</outgoing></userTask>
    <manualTask id="t2" name="Firma"><incoming>f2</incoming><outgoing>f3</outgoing></manualTask>
    <endEvent id="e" name="Permesso"><incoming>f3</incoming></endEvent>
    <sequenceFlow id="f1" sourceRef="s" targetRef="t1"/>
    <sequenceFlow id="f2" sourceRef="t1" targetRef="t2"/>
    <sequenceFlow id="f3" sourceRef="t2" targetRef="e"/>
  </process>
</definitions>
XML
PYTHONPATH="$work/lib" python3 - <<'PY'
import pm4py

model = pm4py.read_bpmn("given.bpmn")
print("read:", sorted(f"{type(node).__name__} {node.get_name()}" for node in model.get_nodes()))
pm4py.write_bpmn(model, "written.bpmn")
text = open("written.bpmn", encoding="utf-8").read()
kept = {word: word in text for word in ("Istruttoria", "Firma", "userTask")}
lost = {
    word: word not in text
    for word in ("Sportello", "Responsabile", "Entro 30 giorni", "Rilascio di un permesso", "manualTask")
}
print("kept:", kept, "lost:", lost)
assert all(kept.values()) and all(lost.values()), "changed"
PY
echo "as described: who does what is lost, and what was written beside it"
