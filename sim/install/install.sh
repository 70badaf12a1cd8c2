#!/bin/sh
# Installs or removes the files of a list (manifest.sh) on standard input: install.sh install|uninstall DESTDIR
# `uninstall` removes these files, and the folders of this project's own name that are then empty.
set -eu
umask 022

action=$1
root=$2

put() {
    mkdir -p "$(dirname "$root$3")"
    if [ "$1" = link ]; then
        ln -sfn "$2" "$root$3"
    else
        # Beside the old file and renamed: a program that runs keeps the old one.
        install -m "$1" "$2" "$root$3.new"
        mv -f "$root$3.new" "$root$3"
    fi
}

remove() {
    rm -f "$root$3"
    folder=$(dirname "$root$3")
    while :; do
        case ${folder##*/} in
        rehearsal | rehearsal-core | vscode) rmdir "$folder" 2>/dev/null || break ;;
        *) break ;;
        esac
        folder=$(dirname "$folder")
    done
}

while read -r mode file place; do
    case $action in
    install) put "$mode" "$file" "$place" ;;
    uninstall) remove "$mode" "$file" "$place" ;;
    esac
done
