#!/bin/sh
# Tests `rehearse fmt` from the outside, and the hook for Git: tool_fmt.sh PROGRAM
. "$(dirname "$0")/expect.sh"

# loose FILE: a scenario that is not in the printer's form.
loose() {
    mkdir -p "$(dirname "$1")"
    printf '# Romeo\n## level: ours\n[Client] Romeo\n  jid: romeo@localhost\n-----\n# in\nRomeo   connects\n' >"$1"
}
loose tidy.scs
expect 0 'R fmt tidy.scs' 'last: 1 file: 1 changed, 0 in this form'
printf '# Romeo\n## level: ours\n\n[Client] Romeo\n\tjid: romeo@localhost\n\n---------\n\n# in\nRomeo connects\n' >expected
expect 0 'cmp expected tidy.scs'

# what is written, and when
expect 0 'stat -c %Y.%i tidy.scs >before && R fmt tidy.scs && stat -c %Y.%i tidy.scs | cmp - before' \
    '1 file: 0 changed, 1 in this form'
loose some/a.scs
loose some/b.scs
cp tidy.scs some/c.scs
expect 1 'R fmt --check some' 'some/a.scs' 'some/b.scs' 'no: some/c.scs' 'last: 3 files: 2 would change, 1 in this form'
expect 0 'R fmt --check tidy.scs' 'last: 1 file: 0 would change, 1 in this form'
expect 0 'chmod 640 some/a.scs && R fmt some && stat -c %a some/a.scs' 'last: 640'
expect 0 'R fmt --check some; ls -A some | wc -l' 'last: 3'
loose target.scs
expect 0 'ln -s target.scs link.scs && R fmt link.scs && test -h link.scs && cmp target.scs expected'

# standard input
expect 0 'R fmt - <some/a.scs 2>told | cmp - expected; cat told' 'last: 1 file: 0 changed, 1 in this form'
loose loose.scs
expect 0 'R fmt - <loose.scs 2>/dev/null | cmp - expected'
expect 1 'R fmt --check - <loose.scs' 'no: [Client]' 'last: 1 file: 1 would change, 0 in this form'

# what is left as it is
printf '# T\n## level: ours\n[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\tn\n\t1\n\t2\n---\n${n} minutes  pass\n' >table.scs
printf '[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo sends raw:\n\t<a>\n# lost\n\t</a>\n' >raw.scs
printf 'juliet@localhost: both\n' >some.roster
printf '## level: ours\n[Client] Romeo\n\tjid: romeo@localhost\n[Roster] romeo@localhost\n\tfrom: some.roster\n---\nRomeo connects\n' >from.scs
cp table.scs raw.scs from.scs "$room/some"
cp some.roster some
expect 0 'R fmt some' 'some/table.scs: left as it is: a file with a table' 'some/raw.scs:6: left as it is: this comment' \
    'some/from.scs: left as it is: a file that names another one' 'last: 6 files: 0 changed, 3 in this form, 3 left as they are'
expect 0 'cmp table.scs some/table.scs && cmp raw.scs some/raw.scs && cmp from.scs some/from.scs'
expect 0 'R fmt --check table.scs' 'last: 1 file: 0 would change, 0 in this form, 1 left as it is'
expect 2 'R fmt - <raw.scs' '-:6: left as it is' 'no: [Client]'

# errors
loose all/good.scs
printf 'no scenario\n' >all/bad.scs
cp all/good.scs good
expect 2 'R fmt all' 'all/bad.scs:1: ' 'no: changed'
expect 0 'cmp good all/good.scs'
expect 2 'R fmt' 'no PATH was given'
expect 2 'R fmt nowhere.scs' 'cannot read nowhere.scs: No such file or directory'
expect 2 'R fmt --write tidy.scs' 'unknown option --write'
expect 2 'R fmt - <loose.scs >/dev/full' 'cannot write standard output'
expect 0 'R help fmt' 'rehearse fmt [--check] PATH...' '--check'

hook=$tests/../../.github/pre-commit
export hook

# the hook looks at what is committed, not at what is in the folder
if command -v git >/dev/null; then
    expect 0 'git init -q repository && cp "$hook" repository/.git/hooks/pre-commit' 'no: x'
    commit='cd repository && REHEARSE="$rehearse" git -c user.name=x -c user.email=x@localhost commit -q -m x'
    loose "repository/a name.scs"
    expect 1 "(cd repository && git add .) && $commit" 'a name.scs' 'rehearse fmt'
    expect 0 "(cd repository && R fmt 'a name.scs' && git add .) && $commit"
    printf 'no scenario\n' >repository/broken.scs
    expect 1 "(cd repository && git add .) && $commit" 'broken.scs:1: '
    expect 0 "(cd repository && git rm -q --cached broken.scs && echo x >x && git add x) && $commit"
    cp table.scs from.scs repository
    cp some.roster repository
    expect 0 "rm repository/broken.scs && (cd repository && git add .) && $commit"
    expect 0 "(cd repository && git rm -q table.scs) && $commit"
else
    echo 'skipped: the hook: there is no git'
fi
finish
