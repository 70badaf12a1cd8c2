#include "presence/activity.h"

#include "account/user.h"
#include "account/work.h"
#include "xml/parser.h"

#include <string.h>

static const char key[] = "last";

enum { NANOSECONDS = 1000000000 };

bool activity_is_noted(const struct core *core)
{
    return core->settings.tell_last_presence || (core->settings.features & CORE_LAST_ACTIVITY);
}

/* ---- Saving ---- */

static void write(struct buffer *xml, const struct user *user, struct stanza *presence)
{
    const struct element *element = element_child(presence->root, "status", NS_CLIENT);
    const char *status = element != NULL ? element_text(presence, element) : "";
    buffer_string(xml, "<query xmlns='" NS_LAST "' seconds='");
    buffer_number(xml, user->core->ports.now(user->core->ports.host) / NANOSECONDS);
    buffer_string(xml, "'>");
    if (status != NULL)
        buffer_xml_text(xml, status, strlen(status));
    buffer_string(xml, "</query>");
    buffer_append(xml, "", 1);
}

static void begin(struct user *user, struct user_work *work)
{
    const struct core_store_entry entry = { key, work->text };
    work_store(user, work, CORE_STORE_ACTIVITY, &entry, 1);
}

static void saved(struct user *user, struct user_work *work)
{
    (void)user;
    (void)work;
}

static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)user;
    (void)work;
    (void)why;
}

static const struct user_work_kind noting = {
    .name = "save the last activity", .begin = begin, .saved = saved, .failed = failed
};

bool activity_is_underway(const struct user *user)
{
    const struct user_work *work = user->work;
    while (work != NULL && work->kind != &noting)
        work = work->next;
    return work != NULL;
}

void activity_note(const struct session *session, struct stanza *presence)
{
    if (!activity_is_noted(session->core) || session->core->ending)
        return;
    struct buffer xml;
    buffer_init(&xml, session->core->memory);
    write(&xml, session->user, presence);
    if (!xml.failed)
        (void)work_begin(session->user, &noting, NULL, NULL, xml.bytes, (union work_subject){ 0 });
    buffer_free(&xml);
}

/* ---- Reading ---- */

/* Reads a decimal number of seconds; false when it is not one, or is too large for nanoseconds. */
static bool read_seconds(uint64_t *time, const char *text)
{
    uint64_t seconds = 0;
    if (text == NULL || *text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || seconds > UINT64_MAX / NANOSECONDS / 10 - 1)
            return false;
        seconds = seconds * 10 + (uint64_t)(*text - '0');
    }
    *time = seconds * NANOSECONDS;
    return true;
}

void activity_read(struct activity_record *record, struct core *core, const struct core_store_entry *entries,
                   size_t entry_count)
{
    *record = (struct activity_record){ 0 };
    if (entry_count == 0)
        return;
    record->stored = parser_read_stored(&core->parsers, entries, entry_count);
    if (record->stored == NULL)
        return;
    const struct element *query = element_child(record->stored->root, "query", NS_LAST);
    struct activity *activity = &record->activity;
    if (query == NULL || !read_seconds(&activity->time, element_get(query, "seconds")))
        return;
    const char *said = element_text(record->stored, query);
    activity->known = said != NULL;
    activity->status = said != NULL && *said != '\0' ? said : NULL;
}

void activity_free(struct activity_record *record)
{
    stanza_free(record->stored);
}
