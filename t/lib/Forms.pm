package Forms;

# Who is meant by what people type: every form of a name, every entry that a store may have, and
# which of them go together. It is said here by what a domain is, not by what is looked up.
#
#   Forms::directives(), Forms::all(), Forms::entries()
#   Forms::winner($form, @entries)    # the entry that a login of that form finds in one store
#   Forms::of_two($form, $a, $b)      # ... where the first store has $a and the second one $b

use strict;
use warnings;

# One domain each, by all of its names.
my %NAMES = (
    corp => ['CORP', 'corp.example.com', 'OLDCORP'],
    web  => ['WEB', 'web.corp.example.com', '.'],
);
my %CLASS = map { my $class = $_; map { (lc $_ => $class) } @{$NAMES{$class}} } keys %NAMES;

sub directives { return "NTLMDomain @{$NAMES{corp}}\nNTLMComputer @{$NAMES{web}}[0, 1]\n" }

sub class_of { my ($domain) = @_; return $CLASS{lc $domain} // lc $domain }

# ---- forms ----

# What is sent, of USER: as it is typed, and the domain beside it; which domain that names.
sub all {
    my @domains = ((map { (@$_, lc $_->[0]) } @NAMES{qw(corp web)}), 'OTHER', 'example.org');
    my @forms = {user => 'USER', domain => '', names => ''};
    for my $domain (@domains) {
        push @forms, {user => 'USER', domain => $domain, names => $domain};
        push @forms, {user => "$domain\\USER", domain => $_, names => $domain} for '', 'OTHER', 'CORP';
        push @forms, {user => "USER\@$domain", domain => '', names => $domain} if $domain ne '.';
    }
    push @forms, {user => 'USER@corp.example.com', domain => 'WEB', names => 'corp.example.com'};
    push @forms, {user => 'USER@', domain => 'OTHER', names => ''}, {user => '\\USER', domain => 'OTHER', names => ''};
    return @forms;
}

# A form of a user: (name, domain).
sub typed { my ($form, $user) = @_; return ($form->{user} =~ s/USER/$user/r, $form->{domain}) }

sub shown { my ($form, $user) = @_; my ($name, $domain) = typed($form, $user); return "'$name' of '$domain'" }

# ---- entries ----

# Of a user: in a domain, in none (''), or called as somebody writes a domain behind a name.
sub entries {
    return (map { {domain => $_} } '', 'CORP', 'Corp.Example.Com', 'oldcorp', 'WEB', 'web.corp.example.com', 'OTHER', 'Example.Org'),
        {domain => '', at => 'corp.example.com'}, {domain => '', at => 'other'};
}

sub name_of {
    my ($entry, $user) = @_;
    return "$user\@$entry->{at}" if $entry->{at};
    return $entry->{domain} ? "$entry->{domain}\\$user" : $user;
}

# ---- who is who ----

sub is_named { my ($form) = @_; return $form->{names} eq '' ? 'corp' : class_of($form->{names}) }

# How exactly the form means the entry, 0 best; undef: not at all.
sub rank {
    my ($form, $entry) = @_;
    if ($entry->{at}) { return lc $form->{user} eq lc "USER\@$entry->{at}" ? 1 : undef }
    return 10 if $entry->{domain} eq '';
    return undef if class_of($entry->{domain}) ne is_named($form);
    my $sent = $form->{names} || $NAMES{corp}[0];
    return 0 if lc $sent eq lc $entry->{domain};
    my $names = $NAMES{is_named($form)};
    return 2 + (grep { lc $names->[$_] eq lc $entry->{domain} } 0 .. $#$names)[0];
}

sub winner {
    my ($form, @entries) = @_;
    my ($first) = sort { rank($form, $a) <=> rank($form, $b) } grep { defined rank($form, $_) } @entries;
    return $first;
}

# One user, and one domain, or one of the two has none.
sub are_one {
    my ($a, $b) = @_;
    return ($a->{at} // '') eq ($b->{at} // '') if $a->{at} || $b->{at};
    return $a->{domain} eq '' || $b->{domain} eq '' || class_of($a->{domain}) eq class_of($b->{domain});
}

sub of_two {
    my ($form, $first, $second) = @_;
    return $first if defined rank($form, $first);
    return undef if !defined rank($form, $second);
    return are_one($first, $second) ? $first : $second;
}

1;
