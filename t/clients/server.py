"""A private httpd with the module, and the site that the clients ask for."""
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
USER, PASSWORD, DOMAIN = 'alice', 'Looking-Glass1', 'DEMO'
MARKER = 'ntlm-protected-body'
PORTS_TO_TRY = 20

# The protected page. It answers every method, and says what arrived.
ECHO = f'''#!/bin/sh
body=$(mktemp) || exit 1
cat > "$body"
printf 'Content-Type: text/plain\\r\\nX-User: %s\\r\\n\\r\\n' "$REMOTE_USER"
sum=$(sha256sum < "$body")
echo "{MARKER} method=$REQUEST_METHOD user=$REMOTE_USER len=$(wc -c < "$body") sha=${{sum%% *}}"
rm -f "$body"
'''

CONFIG = '''
LoadModule auth_ntlmv2_module "{module}"
ServerName 127.0.0.1
Listen 127.0.0.1:@PORT@
PidFile "{dir}/httpd.pid"
DefaultRuntimeDir "{dir}"
ScriptSock "{dir}/cgisock"
ErrorLog "{dir}/error.log"
LogLevel warn auth_ntlmv2:info
KeepAlive On
KeepAliveTimeout 30
DocumentRoot "{dir}/site"
ScriptAlias /echo "{dir}/site/echo"
<Location "/">
    AuthType NTLM
    NTLMCredentials file "{dir}/users"
    NTLMDomain {domain}
    Require valid-user
</Location>
<Directory "{dir}/site">
    Options +ExecCGI
</Directory>
'''

CONFIG_GIT = '''
ScriptAlias /git "{backend}"
SetEnv GIT_PROJECT_ROOT "{dir}/git"
SetEnv GIT_HTTP_EXPORT_ALL 1
'''

# Tells who pushes: git shows it to the client as "remote: user=...".
GIT_HOOK = '''#!/bin/sh
echo "user=$REMOTE_USER"
'''

CONFIG_DAV = '''
Alias /dav "{dir}/dav"
DavLockDB "{dir}/dav/.locks"
<Directory "{dir}/dav">
    Dav On
</Directory>
'''


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

    urls: what a client is told besides the account; a part that this machine cannot serve is empty.
    """

    def __init__(self):
        # Below /tmp, not below TMPDIR: httpd's unprivileged user must be able to get there.
        self.dir = tempfile.mkdtemp(prefix='ntlm-clients.', dir='/tmp')
        self.paths = {'NTLM_URL': '/echo', 'NTLM_GIT': '', 'NTLM_DAV': ''}
        self.urls = {}
        self.sockets = []
        self.account = unprivileged_user()
        self.process = None

    def start(self):
        self.add_user('-c')
        config = '\n'.join(self.config_lines())
        for tries in range(PORTS_TO_TRY):
            port, keeper = take_port()
            self.sockets.append(keeper)
            if tries == 0 and os.environ.get('NTLM_ROB_PORTS'):
                self.sockets.append(rob(port))
            if self.serves(config.replace('@PORT@', str(port))):
                self.urls = {name: path and f'http://127.0.0.1:{port}{path}' for name, path in self.paths.items()}
                return
        raise Failure('no port is free')

    def serves(self, config):
        """Starts httpd; False when its port is in use."""
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
        """Makes the parts of the site; returns the configuration that serves them."""
        mpm = os.environ.get('MPM') or 'event'
        lines = load_lines(f'mpm_{mpm}', 'unixd', 'authn_core', 'authz_core', 'authz_user', 'alias',
                           'env', 'cgid')
        if self.account:
            group = grp.getgrgid(self.account.pw_gid).gr_name
            lines += [f'User {self.account.pw_name}', f'Group {group}']
        os.mkdir(os.path.join(self.dir, 'site'))
        self.write('site/echo', ECHO, 0o755)
        lines.append(CONFIG.format(module=module_path(), dir=self.dir, domain=DOMAIN))
        return lines + self.git_lines() + self.dav_lines()

    def git_lines(self):
        """A repository with one commit, for who clones and pushes."""
        backend = git_backend()
        if not backend:
            return []
        bare, work = os.path.join(self.dir, 'git/demo.git'), os.path.join(self.dir, 'work')
        settings = dict(os.environ, GIT_CONFIG_GLOBAL='/dev/null', GIT_CONFIG_NOSYSTEM='1')
        for command in (f'init -q --bare -b main {bare}', f'init -q -b main {work}'):
            output_of('git', *command.split(), env=settings)
        with open(os.path.join(work, 'page'), 'w') as file:
            file.write(f'{MARKER} from git\n')
        for command in ('add page', '-c user.name=t -c user.email=t@example.com commit -q -m one',
                        f'push -q {bare} main'):
            output_of('git', *command.split(), cwd=work, env=settings)
        shutil.rmtree(work)
        self.write('git/demo.git/hooks/post-receive', GIT_HOOK, 0o755)
        self.give_away('git')
        self.paths['NTLM_GIT'] = '/git/demo.git'
        return [CONFIG_GIT.format(backend=backend, dir=self.dir)]

    def dav_lines(self):
        """A WebDAV folder with one file."""
        lines = load_lines('dav', 'dav_fs', 'dav_lock')
        if not lines:
            return []
        os.mkdir(os.path.join(self.dir, 'dav'))
        self.write('dav/page', f'{MARKER} from WebDAV\n', 0o644)
        self.give_away('dav')
        self.paths['NTLM_DAV'] = '/dav/'
        return lines + [CONFIG_DAV.format(dir=self.dir)]

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
