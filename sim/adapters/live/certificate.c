#include "certificate.h"

#include "../../text.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

enum { DAYS = 30, SECONDS_OF_DAY = 86400 };

/* Names that are not ASCII cannot stand in it. */
static void add_names(struct text *names, const char *const *hosts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_ascii = true;
        for (const char *at = hosts[i]; *at != '\0'; at++)
            is_ascii = is_ascii && (unsigned char)*at < 0x80;
        if (!is_ascii)
            continue;
        text_string(names, ",DNS:");
        text_string(names, hosts[i]);
    }
}

static bool add_alternatives(X509 *certificate, const struct wanted *wanted)
{
    struct text names = { 0 };
    text_string(&names, "DNS:localhost");
    add_names(&names, wanted->hosts, wanted->host_count);
    add_names(&names, wanted->anonymous, wanted->anonymous_count);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names.bytes);
    text_free(&names);
    const bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool fill_in(X509 *certificate, EVP_PKEY *key, const struct wanted *wanted)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -SECONDS_OF_DAY) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), (long)DAYS * SECONDS_OF_DAY) != NULL &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                                      0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && add_alternatives(certificate, wanted) &&
           X509_set_pubkey(certificate, key) == 1 && X509_sign(certificate, key, EVP_sha256()) > 0;
}

static bool write_pem(const char *folder, const char *name, X509 *certificate, EVP_PKEY *key)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    bool good = file != NULL;
    if (good && key != NULL)
        good = PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (good && certificate != NULL)
        good = PEM_write_X509(file, certificate) == 1;
    return file != NULL && fclose(file) == 0 && good;
}

bool certificate_write(const char *folder, const struct wanted *wanted)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    const bool good = key != NULL && certificate != NULL && fill_in(certificate, key, wanted) &&
                      write_pem(folder, "key.pem", NULL, key) &&
                      write_pem(folder, "certificate.pem", certificate, NULL) &&
                      write_pem(folder, "both.pem", certificate, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return good;
}
