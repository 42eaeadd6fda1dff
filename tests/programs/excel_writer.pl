# As exceljs.js, in Perl: one library reads, another writes anew what a sheet holds, its merged
# cells and whether it is hidden; looks and lists are not kept.
use strict;
use warnings;
use utf8;
use Encode qw(decode);
use Excel::Writer::XLSX;
use Spreadsheet::ParseXLSX;

my ($source, $target, @texts) = map { decode('UTF-8', $_) } @ARGV;
my @pairs;
push @pairs, [splice @texts, 0, 2] while @texts;
my $given = Spreadsheet::ParseXLSX->new->parse($source) or die "not read";
my $book = Excel::Writer::XLSX->new($target);
my $plain = $book->add_format(text_wrap => 1);
my $is_first = 1;
for my $sheet ($given->worksheets) {
    my $copy = $book->add_worksheet($sheet->get_name);
    $copy->hide if $sheet->{SheetHidden};
    my %covered;
    for my $merge (@{ $sheet->get_merged_areas || [] }) {
        my ($top, $left, $bottom, $right) = @$merge;
        for my $row ($top .. $bottom) {
            $covered{"$row $_"} = 1 for $left .. $right;
        }
        my $cell = $sheet->get_cell($top, $left);
        my $text = edited($cell ? $cell->unformatted : '', $is_first);
        $copy->merge_range($top, $left, $bottom, $right, $text, $plain);
    }
    my ($top, $bottom) = $sheet->row_range;
    my ($left, $right) = $sheet->col_range;
    for my $row ($top .. $bottom) {
        for my $column ($left .. $right) {
            next if $covered{"$row $column"};
            my $cell = $sheet->get_cell($row, $column) or next;
            my $text = $cell->unformatted;
            next if !defined $text || $text eq '';
            $text = edited($text, $is_first);
            if (($cell->type || '') eq 'Numeric') { $copy->write_number($row, $column, $text, $plain) }
            else                                  { $copy->write_string($row, $column, $text, $plain) }
        }
    }
    $is_first = 0;
}
$book->close;
die "not there: $pairs[0][0]" if @pairs;

sub edited {
    my ($text, $may_change) = @_;
    for my $place (0 .. ($may_change ? $#pairs : -1)) {
        next if $pairs[$place][0] ne $text;
        $text = $pairs[$place][1];
        splice @pairs, $place, 1;
        last;
    }
    return $text;
}
