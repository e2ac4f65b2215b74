package Ldif;

# What stands in the directories of the tests, as LDIF.

use strict;
use warnings;
use Exporter qw(import);
use MIME::Base64 qw(encode_base64);

our @EXPORT = qw(entry person people $BASE $PEOPLE $GROUPS $ADMIN $SERVICE $OTHER $PASSWORD);

our $BASE     = 'dc=test';
our $PEOPLE   = "ou=people,$BASE";
our $GROUPS   = "ou=groups,$BASE";
our $ADMIN    = "cn=admin,$BASE";
our $SERVICE  = "cn=httpd,ou=services,$BASE";
our $OTHER    = "cn=other,ou=services,$BASE";
our $PASSWORD = 'the services secret';          # of both services, and of admin

# A list is several values of an attribute.
sub entry {
    my ($dn, @attributes) = @_;
    my $text = "dn: $dn\n";
    while (my ($name, $value) = splice @attributes, 0, 2) {
        $text .= "${name}:: " . encode_base64($_, '') . "\n" for ref $value ? @$value : $value;
    }
    return $text;
}

# A person; the attributes say what is special about him or her.
sub person {
    my ($uid, %more) = @_;
    my $dn = delete $more{dn} // "uid=$uid,$PEOPLE";
    return entry($dn, objectClass => [qw(inetOrgPerson sambaSamAccount ipaNTUserAttrs krbPrincipalAux)],
        uid => delete $more{uid} // $uid, cn => 'Somebody', sn => 'Body', sambaSID => 'S-1-5-21-1-2-3-1000', %more);
}

sub people {
    return person('alice', sambaNTPassword => uc 'd9fe524deb5705ac74ea341ff18afe93'),
        person('bob', sambaNTPassword => '27bf1123aae89dc1f94ad95bd7108d01');
}

# What is above them, and who may ask.
sub base_entries {
    my $service = [qw(applicationProcess simpleSecurityObject)];
    return entry($BASE, objectClass => [qw(dcObject organization)], dc => 'test', o => 'Test'),
        entry($PEOPLE, objectClass => 'organizationalUnit'),
        entry($GROUPS, objectClass => 'organizationalUnit'),
        entry("ou=services,$BASE", objectClass => 'organizationalUnit'),
        map { entry($_, objectClass => $service, userPassword => $PASSWORD) } $SERVICE, $OTHER;
}

1;
