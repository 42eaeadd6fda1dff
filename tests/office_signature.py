"""Signs PDFs with LibreOffice: `office_signature.py PIPE FILE…`.

Run by the system's Python, which alone has the bridge to the office that listens on the pipe. Each
file is signed by the first certificate of the office's store, in place. Who started the office ends
it.
"""

import os
import sys
import time

import uno

TRIES, PAUSE = 300, 0.1


def office(pipe):
    """Return the office once it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _try in range(TRIES):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(PAUSE)
    raise SystemExit("no office listens")


def main():
    context = office(sys.argv[1])

    def service(name):
        return context.ServiceManager.createInstanceWithContext(f"com.sun.star.{name}", context)

    security = service("xml.crypto.SEInitializer").createSecurityContext("")
    certificate = security.getSecurityEnvironment().getPersonalCertificates()[0]
    signing = service("security.DocumentDigitalSignatures")
    for path in sys.argv[2:]:
        stream = service("ucb.SimpleFileAccess").openFileReadWrite(uno.systemPathToFileUrl(path))
        if not signing.signDocumentWithCertificate(certificate, None, stream):
            raise SystemExit(f"not signed: {path}")
        stream.getOutputStream().closeOutput()


main()
# The bridge's own threads may outlive the interpreter they call, which then crashes: leave at once.
os._exit(0)
