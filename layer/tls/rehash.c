/* rehash folder: gives every *.pem of a folder the name by which OpenSSL looks for it, <hash of the subject>.<number>. */
#include <dirent.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int rename_one(const char *folder, const char *file) {
    char from[4352], to[4352];
    (void)snprintf(from, sizeof from, "%s/%s", folder, file);
    FILE *in = fopen(from, "r");
    X509 *certificate = in == NULL ? NULL : PEM_read_X509(in, NULL, NULL, NULL);
    if (in != NULL) {
        (void)fclose(in);
    }
    if (certificate == NULL) {
        return -1;
    }
    unsigned long hash = X509_NAME_hash_ex(X509_get_subject_name(certificate), NULL, NULL, NULL);
    X509_free(certificate);
    int number = 0;
    do {
        (void)snprintf(to, sizeof to, "%s/%08lx.%d", folder, hash, number++);
    } while (access(to, F_OK) == 0);
    return rename(from, to);
}

/* Sorted, so that two of one name get the same numbers everywhere. */
int main(int argc, char **argv) {
    struct dirent **entries;
    int count = argc == 2 ? scandir(argv[1], &entries, NULL, alphasort) : -1;
    for (int i = 0; i < count; i++) {
        size_t length = strlen(entries[i]->d_name);
        if (length > 4 && strcmp(entries[i]->d_name + length - 4, ".pem") == 0 && rename_one(argv[1], entries[i]->d_name) != 0) {
            (void)fprintf(stderr, "rehash: %s is no certificate\n", entries[i]->d_name);
            return 1;
        }
    }
    return count > 0 ? 0 : 1;
}
