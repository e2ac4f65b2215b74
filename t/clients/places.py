"""The site that the clients ask for, at each of the places where it is offered otherwise."""
import os
import shutil

DOMAIN = 'DEMO'
MARKER = 'ntlm-protected-body'

# By the line of a script's head that says what comes of the client there: the protocol, and what
# is offered.
PLACES = {
    'expect': ('http', 'NTLM'),
    'all three': ('https', 'Negotiate NTLM Basic'),
    'NTLM first': ('https', 'NTLM Negotiate Basic'),
    'own offer': ('https', 'Negotiate NTLM Basic'),
}
ALONE, OWN = 'expect', 'own offer'

# Clients that would take another scheme than the one by which they get in.
CONFIG_OWN = '''SetEnvIf User-Agent "^(Wget|wget2|davfs2|mercurial)/" ntlm-offer=Basic
    SetEnvIf User-Agent "^curl/" ntlm-offer=NTLM
'''

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
PidFile "{dir}/httpd.pid"
DefaultRuntimeDir "{dir}"
ScriptSock "{dir}/cgisock"
ErrorLog "{dir}/error.log"
LogLevel warn auth_ntlmv2:debug
KeepAlive On
KeepAliveTimeout 30
DocumentRoot "{dir}/site"
ScriptAlias /echo "{dir}/site/echo"
<Directory "{dir}/site">
    Options +ExecCGI
</Directory>
'''

CONFIG_PLACE = '''
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    ServerName 127.0.0.1
    {tls}
    {own}
    <Location "/">
        AuthType NTLM
        AuthName "{domain}"
        NTLMCredentials file "{dir}/users"
        NTLMDomain {domain}
        NTLMOffer {offer}
        {throttle}
        Require valid-user
    </Location>
</VirtualHost>
'''

CONFIG_TLS = '''SSLEngine On
    SSLCertificateFile "{dir}/server.pem"
    SSLCertificateKeyFile "{dir}/server.key"'''

# Every client is driven with a wrong password, from one address and for one user.
THROTTLE = 'NTLMThrottle 10000/300'

CONFIG_GIT = '''
ScriptAlias /git "{backend}"
SetEnv GIT_PROJECT_ROOT "{dir}/git"
SetEnv GIT_HTTP_EXPORT_ALL 1
'''

# Tells who pushes: git and hg show it to the client as "remote: user=...".
HOOK = '''#!/bin/sh
echo "user=$REMOTE_USER"
'''

CONFIG_HG = '''
ScriptAlias /hg "{dir}/site/hg"
'''

HG_SCRIPT = '''#!/usr/bin/python3
from mercurial.hgweb import hgweb, wsgicgi
wsgicgi.launch(hgweb(b"{dir}/hg"))
'''

HG_SETTINGS = '''[web]
allow-push = *
push_ssl = False
[hooks]
changegroup.who = {dir}/hg/.hg/who
'''

CONFIG_SVN = '''
<Location "/svn">
    DAV svn
    SVNPath "{dir}/svn"
</Location>
'''

CONFIG_DAV = '''
Alias /dav "{dir}/dav"
DavLockDB "{dir}/dav/.locks"
<Directory "{dir}/dav">
    Dav On
</Directory>
'''


def place_lines(folder, line, port):
    """What serves one place at that port."""
    protocol, offer = PLACES[line]
    tls = CONFIG_TLS.format(dir=folder) if protocol == 'https' else ''
    own = CONFIG_OWN if line == OWN else ''
    return CONFIG_PLACE.format(port=port, dir=folder, domain=DOMAIN, offer=offer, tls=tls, own=own,
                               throttle=THROTTLE if tls else '')


# ---- repositories: each gives its lines, or none where this machine cannot serve it ----

def git_lines(server, backend):
    """A repository with one commit, for who clones and pushes."""
    if not backend:
        return []
    bare, work = os.path.join(server.dir, 'git/demo.git'), os.path.join(server.dir, 'work')
    settings = {'GIT_CONFIG_GLOBAL': '/dev/null', 'GIT_CONFIG_NOSYSTEM': '1'}
    for command in (f'init -q --bare -b main {bare}', f'init -q -b main {work}'):
        server.output_of('git', *command.split(), settings=settings)
    server.write('work/page', f'{MARKER} from git\n', 0o644)
    for command in ('add page', '-c user.name=t -c user.email=t@example.com commit -q -m one',
                    f'push -q {bare} main'):
        server.output_of('git', '-C', work, *command.split(), settings=settings)
    shutil.rmtree(work)
    server.write('git/demo.git/hooks/post-receive', HOOK, 0o755)
    server.give_away('git')
    server.paths['NTLM_GIT'] = '/git/demo.git'
    return [CONFIG_GIT.format(backend=backend, dir=server.dir)]


def hg_lines(server):
    """A repository with one commit, for who clones and pushes."""
    if not os.path.exists('/usr/bin/hg') or not server.output_of('/usr/bin/python3', '-c', 'import mercurial; print(1)'):
        return []
    repository = os.path.join(server.dir, 'hg')
    settings = {'HGRCPATH': '/dev/null'}
    server.output_of('hg', 'init', repository, settings=settings)
    server.write('hg/page', f'{MARKER} from hg\n', 0o644)
    server.output_of('hg', '-R', repository, 'commit', '-q', '-A', '-u', 't', '-m', 'one', settings=settings)
    server.write('hg/.hg/who', HOOK, 0o755)
    server.write('hg/.hg/hgrc', HG_SETTINGS.format(dir=server.dir), 0o644)
    server.write('site/hg', HG_SCRIPT.format(dir=server.dir), 0o755)
    server.give_away('hg')
    server.paths['NTLM_HG'] = '/hg'
    return [CONFIG_HG.format(dir=server.dir)]


def svn_lines(server, modules):
    """A repository with one file, for who reads and commits."""
    if len(modules) < 2 or not shutil.which('svnadmin'):
        return []
    repository = os.path.join(server.dir, 'svn')
    os.mkdir(os.path.join(server.dir, 'work'))
    server.write('work/page', f'{MARKER} from svn\n', 0o644)
    server.output_of('svnadmin', 'create', repository)
    server.output_of('svn', '--config-dir', server.dir + '/none', 'import', '-q', '-m', 'one',
                     server.dir + '/work', 'file://' + repository)
    shutil.rmtree(os.path.join(server.dir, 'work'))
    server.give_away('svn')
    server.paths['NTLM_SVN'] = '/svn'
    return modules[1:] + [CONFIG_SVN.format(dir=server.dir)]


def dav_lines(server, modules):
    """A WebDAV folder with one file."""
    if len(modules) < 2:
        return []
    os.mkdir(os.path.join(server.dir, 'dav'))
    server.write('dav/page', f'{MARKER} from WebDAV\n', 0o644)
    server.give_away('dav')
    server.paths['NTLM_DAV'] = '/dav/'
    return modules[1:] + [CONFIG_DAV.format(dir=server.dir)]
