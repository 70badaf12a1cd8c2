#!/bin/sh
# Prints the names of the verbs, which the page of the tool refers to: verbs.sh PROGRAM
"$1" help --man | sed -n 's/^\.BR rehearse\\-\([a-z-]*\) (1),$/\1/p'
