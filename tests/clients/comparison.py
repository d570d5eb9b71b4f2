"""What of an OpenAPI document a client of an older one would not survive."""

import json

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
# A bound, and whether a greater one admits more.
BOUNDS = dict.fromkeys(["maxLength", "maxItems", "maximum", "maxProperties"], True)
BOUNDS |= dict.fromkeys(["minLength", "minItems", "minimum", "minProperties"], False)
# What else narrows a schema; any change of it is told, because nobody can say which of two patterns admits more.
EXACT = ["pattern", "format", "const", "multipleOf", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum"]
# Keywords that say nothing of what is valid, and those that are compared below.
SILENT = {"description", "title", "example", "examples", "deprecated", "default", "$comment", "externalDocs"}
COMPARED = {"type", "enum", "properties", "required", "items", "additionalProperties", "oneOf", "anyOf", "allOf"}
COMPARED |= {*BOUNDS, *EXACT}


class Comparison:
    """Of an old document with a new one: `broken` says what a client of the old one would not survive."""

    def __init__(self, old, new):
        self.old, self.new, self.broken, self.seen = old, new, [], set()
        self.paths()
        self.names()

    def tell(self, where, what):
        line = f"{where}: {what}"
        if line not in self.broken:
            self.broken.append(line)

    def followed(self, old, new):
        return follow(self.old, old), follow(self.new, new)

    def names(self):
        """Generated code is full of the names of schemas."""
        before, after = (set(document.get("components", {}).get("schemas", {})) for document in (self.old, self.new))
        for name in before - after:
            self.tell(f"schema {name}", "is gone: generated clients use the name")

    def paths(self):
        for path, item in self.old["paths"].items():
            for method in METHODS & set(item):
                where = f"{method.upper()} {path}"
                new = self.new["paths"].get(path, {}).get(method)
                if new is None:
                    self.tell(where, "is gone")
                else:
                    self.operation(where, item[method], new)

    def operation(self, where, old, new):
        for member, what in [("operationId", "is renamed"), ("tags", "are changed")]:
            if old.get(member) != new.get(member):
                self.tell(where, f"{member} {what}: generated clients name a method or a class after it")
        self.parameters(where, old, new)
        self.request(where, old, new)
        self.security(where, old, new)
        for status in old["responses"]:
            if status not in new["responses"]:
                self.tell(where, f"status {status} is gone")
            else:
                self.response(f"{where} {status}", *self.followed(old["responses"][status], new["responses"][status]))
        for status in set(new["responses"]) - set(old["responses"]):
            # A client that gets an answer that it does not know throws; that of an error it did not know it may.
            if status.startswith(("1", "2", "3")):
                self.tell(where, f"success has a new status, {status}")

    def parameters(self, where, old, new):
        def keyed(document, operation):
            found = [follow(document, parameter) for parameter in operation.get("parameters", [])]
            return {(parameter["in"], parameter["name"]): parameter for parameter in found}

        before, after = keyed(self.old, old), keyed(self.new, new)
        for key, parameter in after.items():
            name = f"{where} {key[0]} parameter {key[1]}"
            if key not in before:
                if parameter.get("required"):
                    self.tell(name, "is new and required")
                continue
            if parameter.get("required") and not before[key].get("required"):
                self.tell(name, "has become required")
            self.schema(name, before[key].get("schema", {}), parameter.get("schema", {}), SENT)
        for key in set(before) - set(after):
            self.tell(f"{where} {key[0]} parameter {key[1]}", "is gone: generated clients pass it")
        order = [key for key in before if key in after]
        if order != [key for key in after if key in before]:
            self.tell(where, "the order of the parameters is changed: generated methods take them in it")

    def request(self, where, old, new):
        before, after = (
            follow(document, operation.get("requestBody", {}))
            for document, operation in [(self.old, old), (self.new, new)]
        )
        if after.get("required") and not before.get("required"):
            self.tell(where, "a body has become required")
        self.contents(f"{where} request", before, after, SENT)

    def security(self, where, old, new):
        before, after = (
            operation.get("security", document.get("security", []))
            for document, operation in [(self.old, old), (self.new, new)]
        )
        if before != after:
            self.tell(where, "who may call is changed (security)")
        schemes = [document.get("components", {}).get("securitySchemes", {}) for document in (self.old, self.new)]
        for name, scheme in schemes[0].items():
            now = schemes[1].get(name, {})
            if any(scheme.get(member) != now.get(member) for member in ["type", "scheme", "in", "name"]):
                self.tell(f"security scheme {name}", "is changed or gone")

    def response(self, where, old, new):
        self.contents(where, old, new, ANSWERED)
        for header in set(old.get("headers", {})) - set(new.get("headers", {})):
            self.tell(where, f"header {header} is gone")

    def contents(self, where, old, new, direction):
        before, after = old.get("content", {}), new.get("content", {})
        for media_type, content in before.items():
            if media_type not in after:
                self.tell(where, f"media type {media_type} is gone")
            else:
                self.schema(where, content.get("schema", {}), after[media_type].get("schema", {}), direction)
        if direction is ANSWERED:
            for media_type in set(after) - set(before):
                self.tell(where, f"answers may have a new media type, {media_type}")

    def schema(self, where, old, new, direction):
        key = (where, json.dumps(old, sort_keys=True), json.dumps(new, sort_keys=True), direction.name)
        if key in self.seen:
            return
        self.seen.add(key)
        before, after = self.followed(old, new)
        unknown = (set(before) | set(after)) - COMPARED - SILENT - {"$ref"}
        for keyword in sorted(unknown):
            if before.get(keyword) != after.get(keyword):
                self.tell(where, f"{keyword} is changed, and this check does not know what that means")
        self.types(where, before, after, direction)
        self.enumeration(where, before, after, direction)
        self.bounds(where, before, after, direction)
        self.members(where, before, after, direction)
        if "items" in before or "items" in after:
            self.schema(f"{where}[]", before.get("items", {}), after.get("items", {}), direction)
        self.variants(where, before, after, direction)

    def types(self, where, old, new, direction):
        before, after = types(old), types(new)
        lost, gained = before - after, after - before
        if direction is SENT and lost:
            self.tell(where, f"type {' or '.join(sorted(lost))} is not taken any more")
        if direction is ANSWERED and gained:
            self.tell(where, f"may be {' or '.join(sorted(gained))}, which it never was")
        if direction is ANSWERED and lost and not after:
            self.tell(where, "has no type any more")

    def enumeration(self, where, old, new, direction):
        before, after = old.get("enum"), new.get("enum")
        if before == after:
            return
        if direction is SENT:
            for value in (
                after if before is None else [value for value in before if after is not None and value not in after]
            ):
                self.tell(
                    where, f"value {json.dumps(value)} is not taken any more" if before else "takes listed values only"
                )
        elif before is not None:
            # A closed list in an answer is an exhaustive `match` in a client.
            for value in [None] if after is None else [value for value in after if value not in before]:
                self.tell(
                    where,
                    f"value {json.dumps(value)} is new in a closed list" if after else "is not a closed list any more",
                )

    def bounds(self, where, old, new, direction):
        for keyword, more_is_wider in BOUNDS.items():
            before, after = old.get(keyword), new.get(keyword)
            if before == after:
                continue
            if before is None or after is None:
                narrowed = before is None
            else:
                narrowed = (after < before) == more_is_wider
            # What is sent must not be bounded more narrowly; what is answered not more widely.
            if narrowed == (direction is SENT):
                how = "narrower" if narrowed else "wider"
                self.tell(where, f"{keyword} is {how}: {said(before)} before, {said(after)} now")
        for keyword in EXACT:
            before, after = old.get(keyword), new.get(keyword)
            loosened = after is None if direction is SENT else before is None
            if before != after and not loosened:
                self.tell(where, f"{keyword} is changed: {said(before)} before, {said(after)} now")

    def members(self, where, old, new, direction):
        before, after = old.get("properties", {}), new.get("properties", {})
        required_before, required_after = set(old.get("required", [])), set(new.get("required", []))
        for name in before:
            if name not in after:
                what = "is gone: it is refused" if direction is SENT else "is gone"
                self.tell(f"{where} /{name}", what)
            else:
                self.schema(f"{where} /{name}", before[name], after[name], direction)
        if direction is SENT:
            for name in sorted(required_after - required_before):
                self.tell(f"{where} /{name}", "is required now")
            if old.get("additionalProperties", True) is not False and new.get("additionalProperties", True) is False:
                self.tell(where, "unknown members are refused now")
        else:
            for name in sorted(required_before - required_after):
                self.tell(f"{where} /{name}", "may be absent now")
            if old.get("additionalProperties") is False and set(after) - set(before):
                self.tell(where, "has new members, though it said that there would be none")

    def variants(self, where, old, new, direction):
        for keyword in ["oneOf", "anyOf", "allOf"]:
            before, after = old.get(keyword), new.get(keyword)
            if before is None and after is None:
                continue
            if before is None or after is None or len(before) != len(after):
                self.tell(where, f"{keyword} has other parts")
            else:
                for number, (one, other) in enumerate(zip(before, after), 1):
                    self.schema(f"{where} {keyword} {number}", one, other, direction)


class Direction:
    def __init__(self, name):
        self.name = name


SENT, ANSWERED = Direction("sent"), Direction("answered")


def follow(document, value):
    """What a local reference leads to; what stands beside it is only a description here."""
    while isinstance(value, dict) and "$ref" in value:
        target = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


def types(schema):
    kind = schema.get("type", [])
    return set(kind if isinstance(kind, list) else [kind])


def said(value):
    text = "none" if value is None else json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def breaking(old, new):
    return Comparison(old, new).broken
