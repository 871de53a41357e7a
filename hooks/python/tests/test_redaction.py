"""What is hidden before an event is written, against the samples of `tests/protocols/sensitive` where those are given."""

import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from mcpsonde_sensor import guard  # noqa: E402
from mcpsonde_sensor.config import load  # noqa: E402
from mcpsonde_sensor.event import Event  # noqa: E402
from mcpsonde_sensor.redact.finders import make  # noqa: E402
from mcpsonde_sensor.redact.redactor import of  # noqa: E402
from mcpsonde_sensor.redact.rules import load as load_rules  # noqa: E402
from mcpsonde_sensor.redact.sieve import Sieve  # noqa: E402
from mcpsonde_sensor.redact.words import Names  # noqa: E402

#: {"samples": {kind: {true, near}}, "names": {name: whether it is a secret's}}, as the Deno test writes it.
SAMPLES = os.environ.get("MCPSONDE_SAMPLES")


def hidden(value, redact=True):
    """A message as it would be written."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"redact": redact}, file)
        file.flush()
        config = load({"HOME": "/nowhere", "MCPSONDE_CONFIG": file.name})
    guard.on["redact"] = True
    text = of(config)(Event(0, 0, "python_mcp_event", "event", None, None, "", "message", json.dumps(value)))
    return json.loads(text)


def merged(found):
    whole = []
    for start, end in sorted(found):
        if whole and start < whole[-1][1]:
            whole[-1][1] = max(end, whole[-1][1])
        else:
            whole.append([start, end])
    return whole


@unittest.skipUnless(SAMPLES, "the samples come from the Deno test")
class TheRules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(SAMPLES) as file:
            data = json.load(file)
        cls.samples, cls.secret_names = data["samples"], data["names"]
        rules = load_rules()
        cls.names = Names(rules["keys"])
        cls.find = {kind["name"]: make(kind, rules, cls.names) for kind in rules["kinds"]}
        cls.marks = {kind["name"]: kind.get("marks", ()) for kind in rules["kinds"]}
        cls.on = {kind["name"] for kind in rules["kinds"] if kind["on"]}
        cls.sieve = Sieve(rules)

    def test_find_true_values_of_each_kind_and_only_those(self):
        self.assertEqual(set(self.samples), set(self.find))
        for name, samples in self.samples.items():
            for sample in samples["true"]:
                inner, *values = sample if isinstance(sample, list) else [sample, sample]
                for around in ("", " ", '"', "\n", ","):
                    text = around + inner + around
                    with self.subTest(kind=name, text=text):
                        self.assertEqual([text[a:b] for a, b in merged(self.find[name](text))], values)
            for text in samples["near"]:
                with self.subTest(kind=name, near=text):
                    self.assertEqual(self.find[name](text), [])

    def test_have_a_sieve_that_lets_no_value_pass(self):
        for name, samples in self.samples.items():
            for sample in samples["true"] if name in self.on else ():
                text = sample[0] if isinstance(sample, list) else sample
                for around in ("", " ", "\n"):
                    written = json.dumps({"text": around + text + around})
                    with self.subTest(kind=name, text=written):
                        self.assertTrue(self.sieve.may(written))
                marks = self.marks[name]
                self.assertTrue(not marks or any(mark in text.lower() for mark in marks))

    def test_know_the_names_of_secrets(self):
        wrong = [name for name, secret in self.secret_names.items() if self.names.is_secret(name) != secret]
        self.assertEqual(wrong, [])


class AMessage(unittest.TestCase):
    def test_loses_its_secrets_wherever_they_stand(self):
        token = "ghp_" + "a1B2" * 9
        message = {
            "id": 1,
            "params": {
                "name": "login",
                "arguments": {"password": "hunter22", "note": f"TOKEN={token} and 4111 1111 1111 1111"},
                "_meta": {"progressToken": "abcdefgh12345678"},
            },
        }
        self.assertEqual(
            hidden(message),
            {
                "id": 1,
                "params": {
                    "name": "login",
                    "arguments": {"password": "<password>", "note": "TOKEN=<github_token> and <card_number>"},
                    "_meta": {"progressToken": "abcdefgh12345678"},
                },
            },
        )
        self.assertEqual(hidden(message, False), message)

    def test_keeps_schemas_of_members_that_are_called_like_secrets(self):
        schema = {"properties": {"password": {"type": "string"}, "api_key": {"type": "string", "default": ""}}}
        self.assertEqual(hidden(schema), schema)

    def test_hides_secrets_in_text_of_json_and_in_names(self):
        self.assertNotIn("s3cr3tvalue", str(hidden({"text": '{"api_key":"s3cr3tvalue99","a":1}'})))
        token = "ghp_" + "a1B2" * 9
        self.assertNotIn(token, str(hidden({"env": {token: 1}})))

    def test_hides_secrets_wherever_they_stand_in_a_long_text(self):
        token, key = (
            "ghp_" + "a1B2" * 9,
            "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIabc/+12\n" * 900 + "-----END RSA PRIVATE KEY-----",
        )
        for before in (0, 8100, 8150, 8190, 12_280, 50_000):
            text = "lorem ipsum " * 10_000
            shown = hidden({"text": f"{text[:before]} {token} and {key} {text}"})["text"]
            self.assertNotIn("a1B2a1B2", shown)
            self.assertNotIn("MIIabc", shown)
            self.assertEqual(shown, f"{text[:before]} <github_token> and <private_key> {text}")

    def test_hides_what_follows_a_flag_in_a_command(self):
        args = ["mysql", "--user", "ann", "--password", "hunter22", "-v", "--token", "--quiet"]
        shown = ["mysql", "--user", "ann", "--password", "<password>", "-v", "--token", "--quiet"]
        self.assertEqual(hidden({"args": args}), {"args": shown})

    def test_follows_rules_of_ones_own_first(self):
        rules = [
            {"key": "public_token", "action": "keep"},
            {"key": "customer*", "action": "hash", "name": "customer"},
            {"field": "params.arguments.note", "action": "remove"},
            {"value": "ABC-[0-9]+", "action": "mask", "name": "order"},
        ]
        redact = {"rules": rules, "hash_key": "0123456789abcdef"}
        message = {
            "params": {"arguments": {"public_token": "shown12345", "customerId": "c-7", "note": "x", "t": "ABC-12"}}
        }
        result = hidden(message, redact)["params"]["arguments"]
        self.assertEqual(set(result), {"public_token", "customerId", "t"})
        self.assertEqual((result["public_token"], result["t"]), ("shown12345", "<order>"))
        self.assertRegex(result["customerId"], "^<customer:hash:[0-9a-f]{12}>$")
        self.assertEqual(result["customerId"], hidden(message, redact)["params"]["arguments"]["customerId"])

    def test_is_hidden_as_a_whole_where_it_is_too_deep(self):
        text = "[" * 3000 + '"password=hunter22x"' + "]" * 3000
        config = load({"HOME": "/nowhere"})
        out = of(config)(Event(0, 0, "python_mcp_event", "event", None, None, "", "message", text))
        self.assertNotIn("hunter22x", out)

    def test_takes_time_in_proportion_to_its_length(self):
        import time

        config = load({"HOME": "/nowhere"})
        redact = of(config)
        for unit in ("-----BEGIN A PRIVATE KEY-----", "password=", "1 2 3 4 5 6 7 8 9 ", "a://b:c@", "Bearer ", "eyJ.", "AKIA",
                     "cookie: a=b; ", "secret_access_key", "\\\\\\\\\"=", "x-api-key:", "00-00-", "xoxb-", "hooks.slack.com/services/"):  # fmt: skip
            times = []
            for size in (20_000, 80_000):
                text = json.dumps({"text": (unit * (size // len(unit) + 1))[:size]})
                event = Event(0, 0, "python_mcp_event", "event", None, None, "", "message", text)
                begun = time.process_time()
                redact(event)
                times.append(time.process_time() - begun)
            with self.subTest(unit=unit):
                self.assertLess(times[1], max(times[0], 0.02) * 16)
                self.assertLess(times[1], 3)


if __name__ == "__main__":
    unittest.main()
