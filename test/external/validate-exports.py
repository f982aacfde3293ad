"""Reads {"sarif": {"schema", "documents"}, "ocsf": [array of events, ...]}, and writes a list of what is wrong."""

import json
import sys

import jsonschema_rs
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema


def errors(validator, name, document):
    return [f"{name}: {error.instance_path}: {error.message[:500]}" for error in validator.iter_errors(document)]


def ocsf_errors(event, validators):
    metadata = event["metadata"]
    version, profiles = metadata["version"], tuple(metadata["profiles"])
    if (version, profiles) not in validators:
        schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=version))
        of_class = schema.get_class_schema(schema.lookup_class_name_from_uid(event["class_uid"]), list(profiles))
        validators[version, profiles] = jsonschema_rs.Draft202012Validator(of_class)
    return errors(validators[version, profiles], event["finding_info"]["uid"], event)


given = json.load(sys.stdin)
sarif = jsonschema_rs.Draft4Validator(given["sarif"]["schema"], validate_formats=True)
wrong = [one for document in given["sarif"]["documents"] for one in errors(sarif, "sarif", document)]
validators = {}
wrong += [one for events in given["ocsf"] for event in events for one in ocsf_errors(event, validators)]
json.dump(wrong, sys.stdout)
