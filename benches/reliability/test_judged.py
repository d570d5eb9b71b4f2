"""The judge of these scripts, held to things that are wrong on purpose."""
import pathlib, sqlite3, sys, tempfile, unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from judged import not_paired, readiness, runs
from load import Answer


def answers(*seconds_and_status):
    return [Answer(at - 0.1, at, status, "", None) for at, status in seconds_and_status]


def every(step, first, last, status):
    return [(first + number * step, status) for number in range(int((last - first) / step) + 1)]


class Judged(unittest.TestCase):
    def test_what_readyz_said_is_held_against_what_callers_got(self):
        refused = answers(*every(0.2, 0, 20, 503))
        for what, ready, wrong in [
            ("it follows", every(0.1, 0, 4, 200) + every(0.1, 4.1, 20, 503) + [(20.1, 200)], []),
            ("it is late", every(0.1, 0, 9, 200) + every(0.1, 9.1, 20, 503) + [(20.1, 200)], ["said 200 9.1 s later"]),
            ("it is never well again", every(0.1, 0, 20, 503), ["said 503 at the end, not 200"]),
            ("it says something else", [(0, 404), (1, 503), (20.1, 200)], ["/readyz said 404"]),
        ]:
            with self.subTest(what):
                told = readiness(refused, ready, 200)
                self.assertEqual(len(told), len(wrong), told)
                for line, said in zip(told, wrong):
                    self.assertIn(said, line)

    def test_what_is_stored_while_readyz_says_503_is_told_but_not_what_was_kept_waiting(self):
        stored = answers(*every(0.2, 0, 10, 201))
        told = readiness(stored, every(0.1, 0, 9, 503) + [(10, 200)], 200)
        self.assertEqual(len(told), 1)
        self.assertIn("were stored, and /readyz said 503", told[0])
        again_and_again = [(at / 10, 503 if at % 5 == 0 else 200) for at in range(100)] + [(10.1, 200)]
        self.assertEqual(readiness(stored, again_and_again, 200), [])
        kept_waiting = answers((0, 201), (8, 201), (8.1, 201))
        self.assertEqual(readiness(kept_waiting, every(0.1, 1, 8, 503) + [(9, 200)], 200), [])

    def test_who_gets_no_answer_is_neither_refused_nor_stored(self):
        found = list(runs(answers((0, 201), (0.1, 503), (0.2, "cut"), (0.3, "refused"), (0.4, 503), (0.5, 201))))
        self.assertEqual([(refused, len(group)) for refused, group in found], [(False, 1), (True, 1), (True, 1), (False, 1)])

    def test_a_request_without_its_audit_record_is_found_and_the_other_way_round(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "a file.db"
            connection = sqlite3.connect(file)
            connection.executescript("""
                CREATE TABLE support_requests (reference);
                CREATE TABLE audit_events (reference, event);
                INSERT INTO support_requests VALUES ('a'), ('b'), ('c');
                INSERT INTO audit_events VALUES ('a', 'support_request.created'), ('a', 'support_request.erased'),
                    ('b', 'support_request.erased'), ('d', 'support_request.created'),
                    ('c', 'support_request.created'), ('c', 'support_request.created');""")
            connection.close()
            self.assertEqual(not_paired(f"sqlite://{file}"), (2, 1))


if __name__ == "__main__":
    unittest.main()
