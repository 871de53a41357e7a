/*
 * A client on libcurl over GnuTLS, which is opened when the program runs already: `gnutls URL 1|2 MESSAGE...` posts each
 * message over one connection of HTTP/1.1 or HTTP/2. $CURL_CA_BUNDLE is the file of trusted certificates.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From curl/curl.h: stable parts of libcurl's binary interface. */
enum {
	OPT_URL = 10002, OPT_POSTFIELDS = 10015, OPT_HTTPHEADER = 10023, OPT_CAINFO = 10065,
	OPT_HTTP_VERSION = 84, OPT_POSTFIELDSIZE = 60, OPT_TIMEOUT = 13,
	HTTP_1_1 = 2, HTTP_2TLS = 4,
};

static void *find(void *library, const char *name)
{
	void *found = dlsym(library, name);

	if (!found) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	return found;
}

int main(int argc, char **argv)
{
	void *library = dlopen("libcurl-gnutls.so.4", RTLD_NOW);

	if (!library || argc < 4) {
		fprintf(stderr, "%s\n", library ? "too few arguments" : dlerror());
		return 1;
	}
	void *(*init)(void) = find(library, "curl_easy_init");
	int (*setopt)(void *, int, ...) = find(library, "curl_easy_setopt");
	int (*perform)(void *) = find(library, "curl_easy_perform");
	void (*cleanup)(void *) = find(library, "curl_easy_cleanup");
	void *(*append)(void *, const char *) = find(library, "curl_slist_append");
	const char *(*explain)(int) = find(library, "curl_easy_strerror");
	void *curl = init();
	void *headers = append(NULL, "content-type: application/json");

	headers = append(headers, "accept: application/json, text/event-stream");
	setopt(curl, OPT_URL, argv[1]);
	setopt(curl, OPT_HTTPHEADER, headers);
	setopt(curl, OPT_CAINFO, getenv("CURL_CA_BUNDLE"));
	setopt(curl, OPT_TIMEOUT, 20L);
	setopt(curl, OPT_HTTP_VERSION, argv[2][0] == '2' ? (long)HTTP_2TLS : (long)HTTP_1_1);
	for (int i = 3; i < argc; i++) {
		setopt(curl, OPT_POSTFIELDS, argv[i]);
		setopt(curl, OPT_POSTFIELDSIZE, (long)strlen(argv[i]));
		int result = perform(curl);

		if (result) {
			fprintf(stderr, "%s\n", explain(result));
			return 1;
		}
	}
	cleanup(curl);
	return 0;
}
