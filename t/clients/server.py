"""A private httpd with the module, and the site that the clients ask for."""
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

import places
from places import ALONE, CONFIG, DOMAIN, ECHO, PLACES

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
USER, PASSWORD = 'alice', 'Looking-Glass1'
PORTS_TO_TRY = 20


class Failure(Exception):
    """The server could not be set up: no client can be tried."""


# ---- what this machine has ----

def output_of(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout.strip()


def apxs(variable):
    try:
        return output_of(os.environ.get('APXS', 'apxs'), '-q', variable)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f'apxs (apache2-dev) is not usable: {error}')


def module_path():
    path = os.path.join(TOP, os.environ.get('MODULE') or '.libs/mod_auth_ntlmv2.so')
    if not os.path.exists(path):
        raise Failure(f'{path} is not built yet: make -f Makefile.apxs')
    return path


def load_lines(*names):
    """What loads these modules of httpd; one that is built in has no file, and no line."""
    folder = apxs('LIBEXECDIR')
    files = [(name, f'{folder}/mod_{name}.so') for name in names]
    return [f'LoadModule {name}_module "{file}"' for name, file in files if os.path.exists(file)]


def git_backend():
    """The path of git-http-backend; None without it."""
    try:
        path = os.path.join(output_of('git', '--exec-path'), 'git-http-backend')
    except (OSError, subprocess.CalledProcessError):
        return None
    return path if os.path.exists(path) else None


def take_port():
    """A loopback port, and the socket that keeps it: see t/lib/Port.pm."""
    keeper = socket.socket()
    keeper.bind(('127.0.0.1', 0))
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return keeper.getsockname()[1], keeper


def rob(port):
    """For tests of the tests: somebody else listens there first."""
    thief = socket.socket()
    thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    thief.bind(('127.0.0.1', port))
    thief.listen()
    return thief


def unprivileged_user():
    """Whom httpd's children become when root starts it; None when it is not root."""
    if os.getuid() != 0:
        return None
    for name in ('www-data', 'apache', 'nobody'):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise Failure('no user www-data, apache or nobody')


# ---- the server ----

class Server:
    """A private httpd; everything it needs is in one temporary folder.

    urls(place): what a client is told besides the account; a part that this machine cannot serve
    is empty. Without mod_ssl only one of the places is there.
    """

    def __init__(self):
        # Below /tmp, not below TMPDIR: httpd's unprivileged user must be able to get there.
        self.dir = tempfile.mkdtemp(prefix='ntlm-clients.', dir='/tmp')
        self.paths = {'NTLM_URL': '/echo', 'NTLM_GIT': '', 'NTLM_DAV': '', 'NTLM_SVN': '', 'NTLM_HG': ''}
        self.places = [ALONE]
        self.ports = {}
        self.sockets = []
        self.account = unprivileged_user()
        self.process = None

    def start(self):
        self.add_user('-c')
        config = '\n'.join(self.config_lines())
        for tries in range(PORTS_TO_TRY):
            self.ports = {place: self.take_port() for place in self.places}
            if tries == 0 and os.environ.get('NTLM_ROB_PORTS'):
                self.sockets += [rob(port) for port in self.ports.values()]
            if self.serves(config):
                return
        raise Failure('no port is free')

    def take_port(self):
        port, keeper = take_port()
        self.sockets.append(keeper)
        return port

    def urls(self, place):
        origin = f'{PLACES[place][0]}://127.0.0.1:{self.ports[place]}'
        return {name: path and origin + path for name, path in self.paths.items()}

    def serves(self, config):
        """Starts httpd; False when one of its ports is in use."""
        config += ''.join(places.place_lines(self.dir, place, port) for place, port in self.ports.items())
        self.write('httpd.conf', config, 0o644)
        if self.account:
            self.give_to_group(self.account.pw_gid)
        httpd = os.path.join(apxs('SBINDIR'), apxs('TARGET'))
        output = open(os.path.join(self.dir, 'startup.log'), 'wb')
        # A session of its own: the prefork MPM ends by killing its whole process group.
        self.process = subprocess.Popen([httpd, '-f', f'{self.dir}/httpd.conf', '-DFOREGROUND'],
                                        stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                        start_new_session=True)
        return self.wait_until_it_is_up()

    def config_lines(self):
        """Makes the parts of the site; returns the configuration that serves them, but for the places."""
        mpm = os.environ.get('MPM') or 'event'
        lines = load_lines(f'mpm_{mpm}', 'unixd', 'authn_core', 'authz_core', 'authz_user', 'alias',
                           'env', 'setenvif', 'cgid')
        if self.account:
            group = grp.getgrgid(self.account.pw_gid).gr_name
            lines += [f'User {self.account.pw_name}', f'Group {group}']
        os.mkdir(os.path.join(self.dir, 'site'))
        self.write('site/echo', ECHO, 0o755)
        lines.append(CONFIG.format(module=module_path(), dir=self.dir))
        dav = load_lines('dav')
        return (lines + dav + self.tls_lines() + places.git_lines(self, git_backend()) + places.hg_lines(self) +
                places.svn_lines(self, dav + load_lines('dav_svn')) +
                places.dav_lines(self, dav + load_lines('dav_fs', 'dav_lock')))

    def tls_lines(self):
        """A certificate that clients are told to trust, for the places with TLS."""
        lines = load_lines('ssl', 'socache_shmcb')
        if len(lines) == 2 and shutil.which('openssl'):
            output_of('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
                      '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', f'{self.dir}/server.key',
                      '-out', f'{self.dir}/server.pem')
            self.places = list(PLACES)
        return lines

    def output_of(self, *command, settings=None):
        return output_of(*command, env={**os.environ, **(settings or {})})

    def write(self, name, text, mode):
        path = os.path.join(self.dir, name)
        with open(path, 'w') as file:
            file.write(text)
        os.chmod(path, mode)

    def give_away(self, name):
        """Makes a folder the property of httpd's children, who write into it."""
        if not self.account:
            return
        owner = self.account.pw_uid, self.account.pw_gid
        for folder, _, files in os.walk(os.path.join(self.dir, name)):
            for path in [folder] + [os.path.join(folder, file) for file in files]:
                os.chown(path, *owner)

    def add_user(self, *options):
        tool = os.path.join(TOP, 'support', 'ntlmpasswd')
        command = [tool, *options, '-i', os.path.join(self.dir, 'users'), USER]
        try:
            done = subprocess.run(command, input=PASSWORD + '\n', capture_output=True, text=True)
        except OSError as error:
            raise Failure(f'support/ntlmpasswd does not run: {error}')
        if done.returncode:
            raise Failure(f'support/ntlmpasswd: {done.stderr.strip() or done.stdout.strip()}')

    def give_to_group(self, gid):
        """Lets httpd's children read the folder and the password file, and nobody else."""
        os.chown(self.dir, 0, gid)
        os.chmod(self.dir, 0o750)
        users = os.path.join(self.dir, 'users')
        os.chown(users, 0, gid)
        os.chmod(users, 0o640)

    def wait_until_it_is_up(self):
        """httpd names its process in that file once it has its port."""
        for _ in range(300):
            if self.process.poll() is not None:
                if 'Address already in use' in self.messages():
                    return False
                raise Failure('httpd did not start:\n' + self.messages())
            if self.read('httpd.pid').strip() == str(self.process.pid):
                return True
            time.sleep(0.1)
        raise Failure('httpd does not answer:\n' + self.messages())

    def read(self, name):
        try:
            with open(os.path.join(self.dir, name), errors='replace') as file:
                return file.read()
        except OSError:
            return ''

    def log(self):
        return self.read('error.log')

    def messages(self):
        return '\n'.join((self.read('startup.log') + self.log()).splitlines()[-20:])

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if os.environ.get('KEEP'):
            print(f'# the server\'s folder: {self.dir}')
        else:
            shutil.rmtree(self.dir, ignore_errors=True)
