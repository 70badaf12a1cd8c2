#include "scenario_names.h"
#include "../must.h"

#include <stdlib.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

struct name {
    void *meaning;
    UT_hash_handle hh;
};

void *names_get(const struct names *names, struct slice text)
{
    struct name *name;
    HASH_FIND(hh, names->first, text.text, text.length, name);
    return name != NULL ? name->meaning : NULL;
}

void *names_add(struct names *names, struct slice text, void *meaning)
{
    assert(meaning != NULL);
    void *known = names_get(names, text);
    if (known != NULL)
        return known;
    struct name *name = must(calloc(1, sizeof *name));
    name->meaning = meaning;
    HASH_ADD_KEYPTR(hh, names->first, text.text, text.length, name);
    if (text.length > names->longest)
        names->longest = text.length;
    return NULL;
}

void names_free(struct names *names)
{
    struct name *name = names->first;
    HASH_CLEAR(hh, names->first);
    while (name != NULL) {
        struct name *following = name->hh.next;
        free(name);
        name = following;
    }
    *names = (struct names){ 0 };
}
