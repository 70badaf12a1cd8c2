#!/bin/sh
# Makes the pictures of the README: pictures.sh BUILD FOLDER
# The page of runs that fail, as a browser shows it, and the matrix (`make matrix`).
set -eu

build=$1
folder=$2
page=$(mktemp -d)
trap 'rm -rf "$page"' EXIT
"$build/rehearse" run --server "pipe:$build/mistaken/core" --html "$page/run.html" scenarios/routing >"$page/said" || [ $? -eq 1 ]
chromium --headless --no-sandbox --hide-scrollbars --user-data-dir="$page/profile" --window-size=1280,800 \
    --screenshot="$page/viewer.png" "file://$page/run.html" >"$page/said" 2>&1
mv "$page/viewer.png" "$folder/viewer.png"
cp reports/matrix.svg "$folder/matrix.svg"
