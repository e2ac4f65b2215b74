package Memory;

# What a process has in its memory, read from /proc.
#
#   my $memory = Memory->of($pid) or plan skip_all => Memory::why();
#   $memory->places($bytes);         # "7f12...[heap]+0x30", one for each occurrence
#   Memory::children($pid);          # the processes that it has started, but:
#   Memory::reader($pid);            # the one that waits for a password file to change
#   Memory::kilobytes($pid, 'VmRSS');

use strict;
use warnings;

sub read_file {
    my ($path) = @_;
    open my $in, '<', $path or return '';
    local $/;
    return <$in> // '';
}

sub children { return grep { is_child($_, $_[0]) && !is_reader($_) } processes() }
sub reader { return (grep { is_child($_, $_[0]) && is_reader($_) } processes())[0] }

sub is_child { return read_file("/proc/$_[0]/stat") =~ /^\d+ \(.*\) \S (\d+)/s && $1 == $_[1] }
sub is_reader { return read_file("/proc/$_[0]/comm") =~ /^ntlm-accounts$/ }

sub processes { return map { m{(\d+)$} ? $1 : () } glob '/proc/[0-9]*' }

sub kilobytes {
    my ($pid, $what) = @_;
    return read_file("/proc/$pid/status") =~ /^$what:\s+(\d+) kB/m ? $1 : 0;
}

sub why { return 'the memory of httpd cannot be read here (run as root, on Linux)' }

# All mappings that can be read, joined where they touch. Undef without the right to.
sub of {
    my ($class, $pid) = @_;
    open my $memory, '<:raw', "/proc/$pid/mem" or return;
    my @pieces;
    for (split /\n/, read_file("/proc/$pid/maps")) {
        my ($from, $to, $name) = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+\s*(.*)/ or next;
        next if $name =~ /^\[v/;    # [vvar], [vsyscall]
        no warnings 'portable';
        my ($at, $end, $bytes) = (hex $from, hex $to, '');
        sysseek $memory, $at, 0 or next;
        1 while $at + length $bytes < $end
            && sysread $memory, $bytes, $end - $at - length $bytes, length $bytes;
        push @pieces, {at => $at, name => $name || 'anonymous', bytes => $bytes} if length $bytes;
    }
    return @pieces ? bless {pieces => \@pieces}, $class : undef;
}

sub size { my $size = 0; $size += length $_->{bytes} for @{$_[0]{pieces}}; return $size }

sub places {
    my ($self, $wanted) = @_;
    my @places;
    for my $piece (@{$self->{pieces}}) {
        my $at = -1;
        push @places, sprintf '%x (%s)', $piece->{at} + $at, $piece->{name}
            while ($at = index $piece->{bytes}, $wanted, $at + 1) >= 0;
    }
    return @places;
}

1;
