#!/bin/sh
# A file sent by boto3 1.44.8, as django-storages does, to a server that answers like S3 but not like the S3 of 2024:
# s3rver 3.7.1, once as http:// and once as https://.
#
# Guess: the sum that boto3 adds of itself since 1.36 is understood, or refused with an error.
# Seen:  over http the file comes back as it was. Over https, to the same server, put_object and upload_fileobj succeed, and what
#        comes back is 43 bytes longer: the length of the piece before it, its CRC32 behind it. Nothing says so. With
#        request_checksum_calculation="when_required" it comes back as it was.
# Needs: python3 with pip, node 20 with npm, openssl.
set -eu
for tool in python3 node npm openssl; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
serving=
trap '[ -z "$serving" ] || kill $serving 2>/dev/null; rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" boto3==1.44.8
cd "$work"
npm install --silent --no-fund --no-audit s3rver@3.7.1 >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1 \
  -addext subjectAltName=IP:127.0.0.1 2>/dev/null
cat >serve.js <<'JS'
const fs = require("fs"), S3rver = require("s3rver");
const sure = { key: fs.readFileSync("key.pem"), cert: fs.readFileSync("cert.pem") };
const serve = async (name, more) => {
  const server = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory: name, configureBuckets: [{ name: "registro" }], ...more });
  fs.writeFileSync(`${name}.port.part`, String((await server.run()).port));
  fs.renameSync(`${name}.port.part`, `${name}.port`);
};
serve("http", {});
serve("https", sure);
JS
node serve.js >server.log 2>&1 &
serving=$!
for _ in $(seq 60); do [ -f http.port ] && [ -f https.port ] && break; sleep 1; done
PYTHONPATH="$work/lib" python3 - <<'PY'
import io
import sys
from pathlib import Path

import boto3
from botocore.config import Config

BODY = b"Prova di attuazione. " * 50


def added(scheme, when, way):
    """Return how many bytes a file that was sent has more when it comes back, None if sending it fails."""
    client = boto3.client(
        "s3", endpoint_url=f"{scheme}://127.0.0.1:{Path(scheme + '.port').read_text()}", verify="cert.pem",
        aws_access_key_id="S3RVER", aws_secret_access_key="S3RVER", region_name="us-east-1",
        config=Config(request_checksum_calculation=when, s3={"addressing_style": "path"}),
    )
    key = f"{when}-{way}.txt"
    if way == "put":
        client.put_object(Bucket="registro", Key=key, Body=BODY)
    else:
        client.upload_fileobj(io.BytesIO(BODY), "registro", key)
    return len(client.get_object(Bucket="registro", Key=key)["Body"].read()) - len(BODY)


seen = {
    (scheme, when): [added(scheme, when, way) for way in ("put", "upload")]
    for scheme in ("http", "https")
    for when in ("when_supported", "when_required")
}
print(seen)
expected = dict.fromkeys(seen, [0, 0]) | {("https", "when_supported"): [43, 43]}
if seen != expected:
    sys.exit("changed")
PY
echo "as described: over https the sum is kept in the file, and nobody is told"
