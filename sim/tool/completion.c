#include "completion.h"

#include <string.h>

struct verbs {
    const struct verb *const *list;
    size_t count;
};

/* Whether an option's value is a path. */
static bool takes_path(const struct option *option)
{
    static const char *const values[] = { "FILE", "FOLDER", "PROGRAM", "FORMAT[:FILE]" };
    for (size_t i = 0; option->value != NULL && i < sizeof values / sizeof values[0]; i++)
        if (strcmp(option->value, values[i]) == 0)
            return true;
    return false;
}

/* A text for a string in single quotes.  zsh gives brackets and colons a meaning, which a backslash takes. */
static void print_quoted(FILE *out, const char *text, const char *escaped)
{
    for (; *text != '\0'; text++) {
        if (strchr(escaped, *text) != NULL)
            fputc('\\', out);
        if (*text == '\'')
            fputs("'\\''", out);
        else
            fputc(*text, out);
    }
}

/* ---- bash ---- */

static void print_names(FILE *out, const struct verb *verb)
{
    fputs("--help", out);
    for (size_t i = 0; i < verb->option_count; i++)
        fprintf(out, " --%s", verb->options[i].name);
}

static void print_verb_names(FILE *out, const struct verbs *verbs)
{
    for (size_t i = 0; i < verbs->count; i++)
        fprintf(out, "%s ", verbs->list[i]->name);
    fputs("help", out);
}

/* A value that is no path is not completed: the list of words stays empty. */
static void print_bash(FILE *out, const struct verbs *verbs)
{
    fputs(
        "# bash completion for rehearse\n"
        "_rehearse()\n"
        "{\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
        "    local words='' path=1\n"
        "    COMPREPLY=()\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        words='",
        out);
    print_verb_names(out, verbs);
    fputs("' path=\n    elif [ \"$verb\" = help ]; then\n        words='", out);
    print_verb_names(out, verbs);
    fputs("' path=\n    else\n        case \"$verb $before\" in\n", out);
    for (size_t i = 0; i < verbs->count; i++)
        for (size_t j = 0; j < verbs->list[i]->option_count; j++)
            if (verbs->list[i]->options[j].value != NULL && !takes_path(&verbs->list[i]->options[j]))
                fprintf(out, "        '%s --%s') return ;;\n", verbs->list[i]->name,
                        verbs->list[i]->options[j].name);
    fputs("        esac\n        case $verb in\n", out);
    for (size_t i = 0; i < verbs->count; i++) {
        fprintf(out, "        %s) words='", verbs->list[i]->name);
        print_names(out, verbs->list[i]);
        fputs("' ;;\n", out);
    }
    fputs("        esac\n"
          "        case $word in -*) path= ;; *) words= ;; esac\n"
          "    fi\n"
          "    if [ -n \"$path\" ]; then\n"
          "        compopt -o filenames 2>/dev/null\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
          "    else\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
          "    fi\n"
          "}\n"
          "complete -F _rehearse rehearse\n",
          out);
}

/* ---- zsh ---- */

static void print_zsh_option(FILE *out, const struct option *option)
{
    const char letter = options_letter(option->name);
    if (letter != '\0')
        fprintf(out, "            '(-%c --%s)'{-%c,--%s%s}'[", letter, option->name, letter, option->name,
                option->value != NULL ? "=" : "");
    else
        fprintf(out, "            '--%s%s[", option->name, option->value != NULL ? "=" : "");
    print_quoted(out, option->help, "\\[]:");
    fputc(']', out);
    if (option->value != NULL) {
        fputc(':', out);
        print_quoted(out, option->value, "\\[]:");
        fputs(takes_path(option) ? ":_files" : ": ", out);
    }
    fputs("' \\\n", out);
}

static void print_zsh(FILE *out, const struct verbs *verbs)
{
    fputs("#compdef rehearse\n"
          "_rehearse() {\n"
          "    local -a verbs\n"
          "    verbs=(\n",
          out);
    for (size_t i = 0; i < verbs->count; i++) {
        fprintf(out, "        '%s:", verbs->list[i]->name);
        print_quoted(out, verbs->list[i]->summary, "\\:");
        fputs("'\n", out);
    }
    fputs("        'help:Prints the help of a verb.'\n"
          "    )\n"
          "    if (( CURRENT == 2 )); then\n"
          "        _describe -t verbs verb verbs\n"
          "        return\n"
          "    fi\n"
          "    local verb=$words[2]\n"
          "    shift words\n"
          "    (( CURRENT-- ))\n"
          "    case $verb in\n"
          "    help) _describe -t verbs verb verbs ;;\n",
          out);
    for (size_t i = 0; i < verbs->count; i++) {
        fprintf(out, "    %s)\n        _arguments \\\n", verbs->list[i]->name);
        for (size_t j = 0; j < verbs->list[i]->option_count; j++)
            print_zsh_option(out, &verbs->list[i]->options[j]);
        fputs(
            "            '(- *)'{-h,--help}'[print the help]' \\\n            '*:path:_files'\n        ;;\n",
            out);
    }
    fputs("    esac\n}\n_rehearse \"$@\"\n", out);
}

/* ---- fish ---- */

/* In fish, a backslash takes the meaning of a quote inside of quotes. */
static void print_fish_description(FILE *out, const char *text)
{
    fputs(" -d '", out);
    for (; *text != '\0'; text++)
        fprintf(out, "%s%c", *text == '\'' || *text == '\\' ? "\\" : "", *text);
    fputs("'\n", out);
}

static void print_fish_option(FILE *out, const struct verb *verb, const struct option *option)
{
    const char letter = options_letter(option->name);
    fprintf(out, "complete -c rehearse -n '__fish_seen_subcommand_from %s' -l %s", verb->name, option->name);
    if (letter != '\0')
        fprintf(out, " -s %c", letter);
    if (option->value != NULL)
        fputs(takes_path(option) ? " -r -F" : " -x", out);
    print_fish_description(out, option->help);
}

static void print_fish(FILE *out, const struct verbs *verbs)
{
    fputs("# fish completion for rehearse\n", out);
    for (size_t i = 0; i < verbs->count; i++) {
        fprintf(out, "complete -c rehearse -n __fish_use_subcommand -f -a %s", verbs->list[i]->name);
        print_fish_description(out, verbs->list[i]->summary);
    }
    fputs("complete -c rehearse -n __fish_use_subcommand -f -a help -d 'Prints the help of a verb.'\n"
          "complete -c rehearse -n '__fish_seen_subcommand_from help' -f -a '",
          out);
    print_verb_names(out, verbs);
    fputs("'\n", out);
    for (size_t i = 0; i < verbs->count; i++)
        for (size_t j = 0; j < verbs->list[i]->option_count; j++)
            print_fish_option(out, verbs->list[i], &verbs->list[i]->options[j]);
    fputs("complete -c rehearse -l help -s h -f -d 'print the help'\n", out);
}

/* ---- All of them ---- */

static const struct {
    const char *shell;
    void (*print)(FILE *out, const struct verbs *verbs);
} shells[] = { { "bash", print_bash }, { "zsh", print_zsh }, { "fish", print_fish } };

bool completion_print(FILE *out, const char *shell, const struct verb *const *verbs, size_t count)
{
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].shell, shell) != 0)
            continue;
        shells[i].print(out, &(struct verbs){ verbs, count });
        return true;
    }
    return false;
}
