#include "bare.h"

#include "measure.h"

#include "../../core/xml/expat_calls.h"
#include "../must.h"

struct bare {
    XML_Parser parser;
    uint64_t elements, ended, text;
};

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    (void)name;
    (void)attributes;
    struct bare *bare = user;
    bare->elements++;
}

static void on_end(void *user, const XML_Char *name)
{
    (void)name;
    struct bare *bare = user;
    bare->ended++;
}

static void on_text(void *user, const XML_Char *text, int length)
{
    (void)text;
    struct bare *bare = user;
    bare->text += (uint64_t)length;
}

static void prepare(struct bare *bare)
{
    expat_set_salt(bare->parser, 1);
    expat_report_at_once(bare->parser);
    XML_SetUserData(bare->parser, bare);
    XML_SetElementHandler(bare->parser, on_start, on_end);
    XML_SetCharacterDataHandler(bare->parser, on_text);
}

struct bare *bare_new(void)
{
    static const char header[] = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                                 "xmlns:stream='http://etherx.jabber.org/streams' to='localhost' "
                                 "version='1.0'>";
    struct bare *bare = must(calloc(1, sizeof *bare));
    bare->parser = must(XML_ParserCreateNS("UTF-8", '\xff'));
    prepare(bare);
    bare_parse(bare, header, sizeof header - 1);
    return bare;
}

void bare_free(struct bare *bare)
{
    XML_ParserFree(bare->parser);
    free(bare);
}

void bare_parse(struct bare *bare, const char *bytes, size_t length)
{
    if (XML_Parse(bare->parser, bytes, (int)length, XML_FALSE) != XML_STATUS_OK)
        measure_fail("expat does not parse what the simulation sent");
}

void bare_reset(struct bare *bare)
{
    XML_ParserReset(bare->parser, "UTF-8");
    prepare(bare);
}

uint64_t bare_elements(const struct bare *bare)
{
    return bare->elements;
}
