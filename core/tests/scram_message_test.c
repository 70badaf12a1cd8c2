/* The client's two messages of SCRAM (RFC 5802, 7), taken apart. */
#include "sasl/scram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_span(struct scram_span span, const char *text)
{
    assert_non_null(span.bytes);
    assert_int_equal(span.length, strlen(text));
    assert_memory_equal(span.bytes, text, span.length);
}

/* ---- client-first-message ---- */

static void a_client_first_is_cut_into_its_fields(void **state)
{
    (void)state;
    struct scram_client_first first;
    const char *message = "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL";
    assert_true(scram_read_first(&first, message, strlen(message)));
    assert_span(first.gs2_header, "n,,");
    assert_null(first.authzid.bytes);
    assert_span(first.bare, "n=user,r=fyko+d2lbbFgONRv9qkxdawL");
    assert_span(first.username, "user");
    assert_span(first.nonce, "fyko+d2lbbFgONRv9qkxdawL");
}

static void a_client_first_may_have_authzid_and_extensions(void **state)
{
    (void)state;
    struct scram_client_first first;
    const char *message = "y,a=ro=2Cmeo@localhost,n=ro=2Cmeo,r=a=b,x=1,Y==2";
    assert_true(scram_read_first(&first, message, strlen(message)));
    assert_span(first.gs2_header, "y,a=ro=2Cmeo@localhost,");
    assert_span(first.authzid, "ro=2Cmeo@localhost");
    assert_span(first.bare, "n=ro=2Cmeo,r=a=b,x=1,Y==2");
    assert_span(first.nonce, "a=b");
}

/* RFC 5802, 7: gs2-cbind-flag */
static void a_client_first_says_what_it_binds_to(void **state)
{
    (void)state;
    static const struct {
        const char *message, *header, *type;
        char flag;
    } rows[] = {
        { "n,,n=user,r=nonce", "n,,", NULL, 'n' },
        { "y,,n=user,r=nonce", "y,,", NULL, 'y' },
        { "p=tls-unique,,n=user,r=nonce", "p=tls-unique,,", "tls-unique", 'p' },
        { "p=A.z-9,a=x,n=user,r=nonce", "p=A.z-9,a=x,", "A.z-9", 'p' },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scram_client_first first;
        assert_true(scram_read_first(&first, rows[i].message, strlen(rows[i].message)));
        assert_int_equal(first.binding_flag, rows[i].flag);
        assert_span(first.gs2_header, rows[i].header);
        if (rows[i].type != NULL)
            assert_span(first.binding, rows[i].type);
        else
            assert_null(first.binding.bytes);
    }
}

static void a_malformed_client_first_is_refused(void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "",
        "n",
        "n,",
        "n,,",
        ",,n=user,r=nonce",
        "x,,n=user,r=nonce",
        "nn,,n=user,r=nonce",
        "N,,n=user,r=nonce",
        "p=,,n=user,r=nonce",
        "p=tls_unique,,n=user,r=nonce", /* cb-name: letters, digits, dots and hyphens */
        "y=tls-unique,,n=user,r=nonce",
        "n=tls-unique,,n=user,r=nonce",
        "pp=tls-unique,,n=user,r=nonce",
        "p,,n=user,r=nonce",
        "n,n=user,r=nonce",
        "n,a,n=user,r=nonce",
        "n,a=,n=user,r=nonce",
        "n,a==,n=user,r=nonce",
        "n,a=x",
        "n,b=x,n=user,r=nonce",
        "n,,m=x,n=user,r=nonce", /* a mandatory extension, RFC 5802, 5.1 */
        "n,,n=user",
        "n,,n=user,",
        "n,,n=,r=nonce",
        "n,,n,r=nonce",
        "n,,user,r=nonce",
        "n,,r=nonce,n=user",
        "n,,r=nonce",
        "n,,n=us=er,r=nonce",
        "n,,n=user=,r=nonce",
        "n,,n=user=2,r=nonce",
        "n,,n=user=2c,r=nonce", /* the hexadecimal digits are capital ones, RFC 5802, 7 */
        "n,,n=user=3d,r=nonce",
        "n,,n=user=2D,r=nonce",
        "n,,n=user,r=",
        "n,,n=user,r",
        "n,,n=user,r=no nce",
        "n,,n=user,r=nonce\x7F",
        "n,,n=user,r=nonc\xC3\xA9",
        "n,,n=us\xC3,r=nonce",     /* not UTF-8 */
        "n,,n=us\xC0\x80,r=nonce", /* overlong */
        "n,,n=user,r=nonce,",
        "n,,n=user,r=nonce,x",
        "n,,n=user,r=nonce,x=",
        "n,,n=user,r=nonce,1=x",
        "n,,n=user,r=nonce,xy=z",
        "n,,n=user,r=nonce,m=x",
        "n,,n=user,r=nonce,r=other", /* known attributes are no extensions */
        "n,,n=user,r=nonce,x=1,,y=2",
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct scram_client_first first;
        assert_false(scram_read_first(&first, malformed[i], strlen(malformed[i])));
    }
    struct scram_client_first first;
    assert_false(scram_read_first(&first, "n,,n=us\0er,r=nonce", 18));
}

/* A message is bytes and a length: bytes after it are not read. */
static void a_message_ends_where_its_length_says(void **state)
{
    (void)state;
    static const char first_message[] = "n,,n=user,r=nonce,x";
    static const char final_message[] = "c=biws,r=nonce,p=x,";
    struct scram_client_first first;
    struct scram_client_final last;
    assert_true(scram_read_first(&first, first_message, strlen("n,,n=user,r=non")));
    assert_span(first.nonce, "non");
    assert_false(scram_read_first(&first, first_message, strlen("n,,n=user,r=")));
    assert_false(scram_read_first(&first, first_message, 0));
    assert_true(scram_read_final(&last, final_message, strlen("c=biws,r=nonce,p=x")));
    assert_span(last.proof, "x");
    assert_false(scram_read_final(&last, final_message, strlen("c=biws,r=nonce,p=")));
    assert_false(scram_read_final(&last, final_message, 0));
}

/* value-safe-char and saslname (RFC 5802, 7): UTF-8, with '=' and ',' written as =3D and =2C. */
static void a_name_may_be_any_text(void **state)
{
    (void)state;
    static const char message[] = "n,,n=J\xC3\xBC=2Cli=3Det,r=nonce";
    struct scram_client_first first;
    assert_true(scram_read_first(&first, message, sizeof message - 1));
    assert_span(first.username, "J\xC3\xBC=2Cli=3Det");
}

/* ---- client-final-message ---- */

/* RFC 5802, 5, and RFC 7677, 3: the nonce is the client's and the server's together. */
static void the_examples_of_the_rfcs_are_cut_into_their_fields(void **state)
{
    (void)state;
    static const struct {
        const char *message, *without_proof, *nonce, *proof;
    } rows[] = {
        { "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
          "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j", "fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
          "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=" },
        { "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
          "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
          "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
          "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scram_client_final last;
        assert_true(scram_read_final(&last, rows[i].message, strlen(rows[i].message)));
        assert_span(last.without_proof, rows[i].without_proof);
        assert_span(last.channel_binding, "biws");
        assert_span(last.nonce, rows[i].nonce);
        assert_span(last.proof, rows[i].proof);
    }
}

static void a_client_final_is_cut_into_its_fields(void **state)
{
    (void)state;
    struct scram_client_final last;
    const char *message = "c=biws,r=nonce,x=y,p=cHJvb2Y=";
    assert_true(scram_read_final(&last, message, strlen(message)));
    assert_span(last.without_proof, "c=biws,r=nonce,x=y");
    assert_span(last.channel_binding, "biws");
    assert_span(last.nonce, "nonce");
    assert_span(last.proof, "cHJvb2Y=");
}

/* Whether it is the right one is not decided here. */
static void a_channel_binding_is_any_base64(void **state)
{
    (void)state;
    static const char *const bindings[] = { "eSws", "biwsYQ==", "cD10bHMtZXhwb3J0ZXIsLEFCQ0Q=", "+/+/" };
    for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++) {
        char message[100];
        struct scram_client_final last;
        (void)snprintf(message, sizeof message, "c=%s,r=nonce,p=cHJvb2Y=", bindings[i]);
        assert_true(scram_read_final(&last, message, strlen(message)));
        assert_span(last.channel_binding, bindings[i]);
    }
}

static void a_malformed_client_final_is_refused(void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "",
        "c=biws",
        "c=biws,",
        "c=biws,r=nonce",
        "c=biws,r=nonce,",
        "c=biws,r=nonce,p",
        "c=biws,r=nonce,p=",
        "c=biws,r=nonce,pp=x",
        "c=biws,r=nonce,p=x,", /* the proof is last */
        "c=biws,r=nonce,p=x,y=z",
        "c=biws,r=nonce,p=x,p=x",
        "c=biws,p=x,r=nonce",
        "c=biws,p=x",
        "c=,r=nonce,p=x",
        "c=*,r=nonce,p=x", /* channel-binding = "c=" base64 */
        "c=biws=,r=nonce,p=x",
        "c=biw,r=nonce,p=x",
        "c=b===,r=nonce,p=x",
        "c=b=ws,r=nonce,p=x",
        "c=bi-_,r=nonce,p=x",
        "c=biws ,r=nonce,p=x",
        "c,r=nonce,p=x",
        "biws,r=nonce,p=x",
        "r=nonce,p=x",
        "r=nonce,c=biws,p=x",
        "c=biws,r=,p=x",
        "c=biws,r=no nce,p=x",
        "c=biws,r=nonc\xC3\xA9,p=x",
        "c=biws,r=nonce,x=\xFF,p=x",
        "c=biws,r=nonce,x,p=x",
        "c=biws,r=nonce,m=x,p=x",
        "c=biws,r=nonce,c=biws,p=x",
        "c=biws,r=nonce,,p=x",
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct scram_client_final last;
        assert_false(scram_read_final(&last, malformed[i], strlen(malformed[i])));
    }
}

/* ---- saslname ---- */

static void a_name_is_decoded(void **state)
{
    (void)state;
    char out[8];
    size_t length;
    assert_true(scram_decode_name(out, sizeof out, &length, (struct scram_span){ "a=2Cb=3Dc", 9 }));
    assert_int_equal(length, 5);
    assert_memory_equal(out, "a,b=c", 5);
    assert_true(scram_decode_name(out, 8, &length, (struct scram_span){ "12345678", 8 }));
    assert_int_equal(length, 8);
    assert_false(scram_decode_name(out, 8, &length, (struct scram_span){ "123456789", 9 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_first_is_cut_into_its_fields),
        cmocka_unit_test(a_client_first_may_have_authzid_and_extensions),
        cmocka_unit_test(a_client_first_says_what_it_binds_to),
        cmocka_unit_test(a_malformed_client_first_is_refused),
        cmocka_unit_test(a_message_ends_where_its_length_says),
        cmocka_unit_test(a_name_may_be_any_text),
        cmocka_unit_test(the_examples_of_the_rfcs_are_cut_into_their_fields),
        cmocka_unit_test(a_client_final_is_cut_into_its_fields),
        cmocka_unit_test(a_channel_binding_is_any_base64),
        cmocka_unit_test(a_malformed_client_final_is_refused),
        cmocka_unit_test(a_name_is_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
