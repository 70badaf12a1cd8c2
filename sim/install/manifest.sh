#!/bin/sh
# Lists what is installed, a file a line: "MODE FILE PLACE", or "link TARGET PLACE".  The variables are those of
# install.mk.
set -eu

library=librehearsal-core

echo "755 $REHEARSE $BINDIR/rehearse"
echo "644 $INSTALLED/$library.so.$RELEASE $LIBDIR/$library.so.$RELEASE"
echo "link $library.so.$RELEASE $LIBDIR/$library.so.$SOVERSION"
echo "link $library.so.$RELEASE $LIBDIR/$library.so"
echo "644 $INSTALLED/$library.a $LIBDIR/$library.a"
for header in core inspect; do
    echo "644 core/include/$header.h $INCLUDEDIR/rehearsal/$header.h"
done
echo "644 $INSTALLED/rehearsal-core.pc $LIBDIR/pkgconfig/rehearsal-core.pc"
for file in rehearsal-core-config rehearsal-core-config-version; do
    echo "644 $INSTALLED/$file.cmake $LIBDIR/cmake/rehearsal-core/$file.cmake"
done
echo "644 $INSTALLED/rehearse.1 $MANDIR/man1/rehearse.1"
for verb in $("$(dirname "$0")/verbs.sh" "$REHEARSE"); do
    echo "644 $INSTALLED/rehearse-$verb.1 $MANDIR/man1/rehearse-$verb.1"
done
echo "644 $INSTALLED/rehearse-scenario.5 $MANDIR/man5/rehearse-scenario.5"
echo "644 $INSTALLED/completion.bash $BASHDIR/rehearse"
echo "644 $INSTALLED/completion.zsh $ZSHDIR/_rehearse"
echo "644 $INSTALLED/completion.fish $FISHDIR/rehearse.fish"
for folder in ftdetect syntax; do
    echo "644 sim/install/vim/$folder/rehearsal.vim $VIMDIR/$folder/rehearsal.vim"
done
echo "644 $INSTALLED/package.json $DATADIR/rehearsal/vscode/package.json"
for file in language-configuration.json rehearsal.tmLanguage.json; do
    echo "644 sim/install/vscode/$file $DATADIR/rehearsal/vscode/$file"
done
echo "644 LICENSE $DOCDIR/LICENSE"
