"""A test bench for NTLM clients as a pytest fixture: started once, stopped when the tests end.

Beside conftest.py, in which stands  pytest_plugins = ["ntlm_testbench"] :

    def test_login(ntlm_testbench):
        url, alice = ntlm_testbench.url("/ntlm"), ntlm_testbench.accounts[0]
        assert my_client(url, alice["domain"], alice["user"], alice["password"])
        assert ntlm_testbench.last()["status"] == "ok"

NTLM_TESTBENCH names the program, if it is not ntlm-testbench of PATH.
"""
import json
import os
import subprocess
from urllib import error, request
from uuid import uuid4

import pytest

PROGRAM = os.environ.get("NTLM_TESTBENCH", "ntlm-testbench")
OPTIONS = ["--port", "0", "--tls-port", "0", "--proxy-port", "0", "--stdin-eof"]


class Testbench:
    """What a run sees of it: only its own logins, so that tests may run side by side."""

    def __init__(self, about):
        self.__dict__.update(about)  # http, https, proxy, ca, accounts, pid, log, ...
        self.run = uuid4().hex

    def url(self, path, port="http"):
        return f"{getattr(self, port)}/r/{self.run}{path}"

    def last(self):
        """What became of the last login: status, cause, warnings, ...; None: there was none."""
        try:
            with request.build_opener(request.ProxyHandler({})).open(self.url("/last.json")) as got:
                return json.load(got)
        except error.HTTPError as refused:
            if refused.code != 404:
                raise


@pytest.fixture(scope="session")
def ntlm_testbench_process():
    """What it says of itself once it answers. It ends with its standard input."""
    pipe = subprocess.PIPE
    with subprocess.Popen([PROGRAM, *OPTIONS], stdin=pipe, stdout=pipe) as process:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{PROGRAM} did not start: exit status {process.wait()}")
        yield json.loads(line)
        process.stdin.close()


@pytest.fixture
def ntlm_testbench(ntlm_testbench_process):
    return Testbench(ntlm_testbench_process)
