#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint64_t measure_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double values[MEASURE_ROUNDS])
{
    qsort(values, MEASURE_ROUNDS, sizeof *values, by_size);
    return values[MEASURE_ROUNDS / 2];
}

static double series_median(const struct series *series)
{
    struct series sorted = *series;
    return median(sorted.values);
}

/* The median of the ratios of the rounds. */
static double series_ratio(const struct series *series, const struct series *unit)
{
    struct series ratios;
    for (size_t i = 0; i < MEASURE_ROUNDS; i++)
        ratios.values[i] = series->values[i] / unit->values[i];
    return median(ratios.values);
}

void measure_fail(const char *what)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "bench: %s\n", what);
    exit(EXIT_FAILURE);
}

/* ---- The table ---- */

void table_heading(const char *title, const char *unit, const char *ratio)
{
    printf("\n%-48s %10s  %s\n", title, unit, ratio);
}

static void row(const char *name, double value, double ratio)
{
    printf("  %-46s %10.0f  %6.2f", name, value, ratio);
}

static void end_row(void)
{
    printf("\n");
    (void)fflush(stdout);
}

void table_row(const char *name, const struct series *series, const struct series *unit)
{
    row(name, series_median(series), series_ratio(series, unit));
    end_row();
}

void table_goal(const char *name, const struct series *series, const struct series *unit, double goal)
{
    row(name, series_median(series), series_ratio(series, unit));
    printf("  goal <= %.1f", goal);
    end_row();
}

void table_amount(const char *name, double amount, double unit)
{
    row(name, amount, amount / unit);
    end_row();
}

void table_note(const char *text)
{
    printf("  %s\n", text);
}
