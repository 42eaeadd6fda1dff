"""publiccode.yml follows the standard, format version 0.7.

The standard publishes no schema of this version as a package; what it makes mandatory, and the
form of what this project uses besides, is restated here.
"""

import re

import jsonschema
import pytest
import yaml
from django.conf import settings

from tests.project.files import ROOT, read

TEXT = {"type": "string", "minLength": 1}
WEB_ADDRESS = {"type": "string", "pattern": "^https?://"}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
DEPENDENCY = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": TEXT,
        "version": TEXT,
        "versionMin": TEXT,
        "versionMax": TEXT,
        "optional": {"type": "boolean"},
    },
    "additionalProperties": False,
}
DESCRIPTION = {
    "type": "object",
    "required": ["shortDescription", "longDescription", "features"],
    "properties": {
        "localisedName": TEXT,
        "shortDescription": {**TEXT, "maxLength": 150},
        "longDescription": {"type": "string", "minLength": 150, "maxLength": 10_000},
        "documentation": WEB_ADDRESS,
        "features": TEXTS,
        "screenshots": TEXTS,
    },
    "additionalProperties": False,
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": [
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "categories",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    ],
    "properties": {
        "publiccodeYmlVersion": {"const": "0.7"},
        "name": TEXT,
        "url": WEB_ADDRESS,
        "landingURL": WEB_ADDRESS,
        "softwareVersion": TEXT,
        "releaseDate": {"type": "string", "format": "date"},
        "platforms": TEXTS,
        "categories": TEXTS,
        "developmentStatus": {"enum": ["concept", "development", "beta", "stable", "obsolete"]},
        "softwareType": {
            "enum": [
                *(f"standalone/{kind}" for kind in ("mobile", "iot", "desktop")),
                *(f"standalone/{kind}" for kind in ("web", "backend", "other")),
                "addon",
                "library",
                "configurationFiles",
            ]
        },
        "intendedAudience": {
            "type": "object",
            "properties": {
                "countries": {"type": "array", "items": {"pattern": "^[a-z]{2}$"}},
                "scope": TEXTS,
            },
            "additionalProperties": False,
        },
        "description": {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {"^[a-z]{2,3}(-[A-Za-z0-9]+)*$": DESCRIPTION},
            "additionalProperties": False,
        },
        "legal": {
            "type": "object",
            "required": ["license"],
            "properties": {"license": TEXT, "mainCopyrightOwner": TEXT, "repoOwner": TEXT},
            "additionalProperties": False,
        },
        "maintenance": {
            "type": "object",
            "required": ["type"],
            "properties": {
                "type": {"enum": ["internal", "contract", "community", "none"]},
                "contacts": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": TEXT, "email": TEXT, "affiliation": TEXT},
                        "additionalProperties": False,
                    },
                },
            },
            "if": {"properties": {"type": {"enum": ["internal", "community"]}}},
            "then": {"required": ["contacts"]},
            "additionalProperties": False,
        },
        "localisation": {
            "type": "object",
            "required": ["localisationReady", "availableLanguages"],
            "properties": {
                "localisationReady": {"type": "boolean"},
                "availableLanguages": TEXTS,
            },
            "additionalProperties": False,
        },
        "dependsOn": {
            "type": "object",
            "properties": {
                kind: {"type": "array", "items": DEPENDENCY}
                for kind in ("open", "proprietary", "hardware")
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def publiccode():
    return yaml.safe_load(read("publiccode.yml"))


def test_publiccode_follows_the_standard(publiccode):
    checker = jsonschema.FormatChecker()
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=checker)

    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(publiccode)]

    assert errors == []


def test_publiccode_tells_the_truth_about_the_project(publiccode):
    project = read("pyproject.toml")
    licence = re.search(r'^license = "(.+)"$', project, re.MULTILINE)[1]
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)[1]

    assert publiccode["legal"]["license"] == licence
    assert publiccode["softwareVersion"] == version
    assert publiccode["localisation"]["availableLanguages"] == list(dict(settings.LANGUAGES))
    for description in publiccode["description"].values():
        for picture in description.get("screenshots", []):
            assert (ROOT / picture).is_file(), picture


def test_the_licence_is_here_in_full():
    licence = read("LICENSE")

    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in licence
    assert "17. Interpretation of Sections 15 and 16" in licence
