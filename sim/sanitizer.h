/*
 * sanitizer.h - HAS_ASAN is defined where the address sanitizer is built in.
 */
#ifndef SIM_SANITIZER_H
#define SIM_SANITIZER_H

/* gcc and clang say it in two ways. */
#ifdef __SANITIZE_ADDRESS__
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

#endif
