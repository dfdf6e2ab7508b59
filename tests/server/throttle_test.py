"""A runaway client is told to wait, and nobody else is (W7)."""

import unittest

from case import ServerCase


class ThrottleTest(ServerCase):
    settings = {"eas.max_requests": "40", "clock.manual": "true"}

    def test_w7_a_device_beyond_its_budget_waits_and_others_are_served(self):
        runaway, other = self.phone(), self.phone()
        answers = [runaway.folder_sync(runaway.folder_key) for _ in range(60)]
        refused = [answer for answer in answers if answer.status == 503]
        self.assertTrue(refused)
        self.assertEqual([200, 503], sorted({answer.status for answer in answers}))
        self.assertGreater(int(refused[-1].header("Retry-After")), 0)
        self.assertEqual(1, other.folder_sync(other.folder_key).code)
        self.server.advance("11m")
        self.assertEqual(1, runaway.folder_sync(runaway.folder_key).code)


if __name__ == "__main__":
    unittest.main()
