"""How gunicorn serves the site. It is reached through nginx alone, which has the slow clients.

The socket comes from systemd (the unit beside this file), so that only nginx may open it.
"""

workers = 2
worker_class = "gthread"
threads = 4
# A page waits five seconds for its longest work; what takes minutes is a job.
timeout = 120
graceful_timeout = 30
# What an engine or a large file leaves behind in memory goes with the process.
max_requests = 2_000
max_requests_jitter = 200
umask = 0o077
# nginx writes who asked for what.
accesslog = None
errorlog = "-"
control_socket_disable = True
