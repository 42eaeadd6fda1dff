#!/bin/sh
# The S3 server of moto 5.2.5, on which tests of files in a bucket rest, asked by boto3 1.44.8 to keep a file under a digest
# that is not its own, and to shorten the time a file is locked for.
#
# Guess: both are refused, as S3 does (BadDigest; a lock of the mode COMPLIANCE is only ever made longer).
# Seen:  a file under another's SHA-256 or MD5 is taken without a word, and no checksum is kept of the first; the lock is
#        shortened by three years. That a key is free (If-None-Match) or its file the one meant (If-Match) is looked at.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" "moto[server]==5.2.5" boto3==1.44.8 botocore==1.44.8
cd "$work"
cat >ask.py <<'PY'
import base64
import datetime
import hashlib

import boto3
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
server.start()
host, port = server.get_host_and_port()
region = {"LocationConstraint": "eu-south-1"}
keys = {"aws_access_key_id": "prova", "aws_secret_access_key": "prova", "region_name": "eu-south-1"}
s3 = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", **keys)
s3.create_bucket(Bucket="prove", CreateBucketConfiguration=region)
s3.create_bucket(Bucket="chiuso", CreateBucketConfiguration=region, ObjectLockEnabledForBucket=True)
file, other = b"Verbale 3/2026", b"Verbale 4/2026"


def signs(digest):
    return base64.b64encode(digest).decode()


def asked(what, act, **fields):
    try:
        act(**fields)
    except ClientError as problem:
        print(what, "refused", problem.response["Error"]["Code"])
    else:
        print(what, "taken")


asked("another SHA-256:", s3.put_object, Bucket="prove", Key="a", Body=file, ChecksumSHA256=signs(hashlib.sha256(other).digest()))
asked("another MD5:", s3.put_object, Bucket="prove", Key="b", Body=file, ContentMD5=signs(hashlib.md5(other).digest()))
told = s3.head_object(Bucket="prove", Key="a", ChecksumMode="ENABLED")
print("checksum kept:", told.get("ChecksumSHA256"))
asked("a key that is not free:", s3.put_object, Bucket="prove", Key="a", Body=other, IfNoneMatch="*")
until = datetime.datetime(2030, 1, 1)
locked = s3.put_object(
    Bucket="chiuso", Key="a", Body=file, ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until, ChecksumAlgorithm="SHA256"
)
sooner = {"Mode": "COMPLIANCE", "RetainUntilDate": datetime.datetime(2027, 1, 1)}
asked("a shorter lock:", s3.put_object_retention, Bucket="chiuso", Key="a", VersionId=locked["VersionId"], Retention=sooner)
server.stop()
PY
PYTHONPATH="$work/lib" python3 ask.py 2>/dev/null | grep -v "^Starting" | tee seen.txt
cat >expected.txt <<'TXT'
another SHA-256: taken
another MD5: taken
checksum kept: None
a key that is not free: refused PreconditionFailed
a shorter lock: taken
TXT
cmp -s seen.txt expected.txt || { echo "changed"; exit 1; }
echo "as described: no digest is looked at, a lock is shortened"
