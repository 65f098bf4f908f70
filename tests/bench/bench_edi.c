/*
 * How fast a large despatch advice and a large ship notice become rows, every segment checked:
 * prints MB/s of one thread and what the reader held beside the rows. The interchanges are made in
 * memory; argument: their size in MB (default 100).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "reader/reader.h"

#define MB 1000000u

struct result {
    uint64_t rows;
    struct xd_arena *arena;
};

/* Rows are counted and forgotten, so that the arena shows what the reader itself keeps. */
static bool
take(void *taker, struct xd_rows *rows)
{
    struct result *result = taker;

    result->rows += rows->count;
    return true;
}

static void
make_desadv(struct xd_buf *out, size_t size)
{
    unsigned message = 0;

    xd_buf_str(out, "UNB+UNOC:3+5412345000013:14+4098765000010:14+261122:0615+BENCH'");
    while (out->len < size) {
        unsigned segments = 8;
        message++;
        xd_buf_printf(
            out,
            "UNH+%u+DESADV:D:96A:UN:EAN005'BGM+351+DA-%u+9'DTM+11:20261122:102'RFF+ON:SO-%u'"
            "NAD+DP+++Ingrid Olsen+Storgata 5+Oslo++0155+NO'CTA+DL'COM+?+4722334455:TE'",
            message, message, message);
        for (unsigned parcel = 1; parcel <= 20; parcel++) {
            xd_buf_printf(out, "CPS+%u+1'PAC+1++CT'MEA+PD+AAB+KGM:1.020'PCI+33E'GIN+BJ+%018u'",
                          parcel + 1, message * 100 + parcel);
            segments += 5;
            for (unsigned line = 1; line <= 5; line++) {
                xd_buf_printf(out,
                              "LIN+%u++TEE-M-BLU:SA'PIA+1+610910:HS'IMD+F++:::T-shirt, knitted "
                              "cotton, men?'s'"
                              "QTY+12:%u:PCE'MOA+146:18.50:GBP'LOC+27+PT'",
                              parcel * 10 + line, line);
                segments += 6;
            }
        }
        xd_buf_printf(out, "CNT+2:100'UNT+%u+%u'", segments + 1, message);
    }
    xd_buf_printf(out, "UNZ+%u+BENCH'", message);
}

static void
make_856(struct xd_buf *out, size_t size)
{
    unsigned set = 0;

    xd_buf_str(
        out,
        "ISA*00*          *00*          *ZZ*NORTHLANE      *ZZ*CROSSDOCK      "
        "*261122*0615*U*00401*000000001*0*P*>~GS*SH*NORTHLANE*CROSSDOCK*20261122*0615*1*X*004010~");
    while (out->len < size) {
        unsigned segments = 4;
        unsigned level = 1;
        set++;
        xd_buf_printf(out, "ST*856*%06u~BSN*00*ASN-%u*20261122*0615*0001~HL*1**S*1~", set, set);
        for (unsigned order = 0; order < 10; order++) {
            unsigned of_order = ++level;
            xd_buf_printf(
                out,
                "HL*%u*1*O*1~PRF*SO-%u~TD5**ZZ*ups**saver~N1*ST*Robert Hale~N3*221 Baker Street~"
                "N4*New York*NY*10001*US~",
                of_order, set * 10 + order);
            segments += 6;
            for (unsigned parcel = 0; parcel < 2; parcel++) {
                unsigned of_parcel = ++level;
                xd_buf_printf(out, "HL*%u*%u*P*1~TD1*CTN*1****G*900*GR~MAN*GM*00%018u~", of_parcel,
                              of_order, set * 100 + order * 10 + parcel);
                segments += 3;
                for (unsigned line = 0; line < 5; line++) {
                    xd_buf_printf(out,
                                  "HL*%u*%u*I*0~LIN*%u*SK*SHOE-42*HD*640411*CH*VN~SN1**2*EA~"
                                  "PID*F****Running shoes, textile upper~",
                                  ++level, of_parcel, line + 1);
                    segments += 4;
                }
            }
        }
        xd_buf_printf(out, "CTT*%u~SE*%u*%06u~", level, segments + 1, set);
    }
    xd_buf_printf(out, "GE*%u*1~IEA*1*000000001~", set);
}

static double
seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
run(const char *name, struct xd_slice text)
{
    struct xd_arena arena;
    struct xd_arena tables_arena;
    struct xd_error err = {0};
    struct xd_tables tables = {NULL, &tables_arena};
    struct xd_limits limits;
    struct xd_findings findings;
    struct result result = {0, &arena};
    struct xd_document document = {.file = XD_LIT("bench"), .text = text};
    struct xd_reading reading = {.document = &document,
                                 .limits = &limits,
                                 .tables = &tables,
                                 .findings = &findings,
                                 .arena = &arena,
                                 .err = &err,
                                 .take = take,
                                 .taker = &result};
    const char *reason;
    double begin;

    xd_arena_init(&arena, 1 << 20, 0);
    xd_arena_init(&tables_arena, 1 << 16, 0);
    xd_findings_init(&findings, &arena, 100);
    if (!xd_limits_load(&limits, &tables, &err) ||
        !xd_limits_set(&limits, "edi-messages=100000000", &err)) {
        return 1;
    }
    begin = seconds();
    if (!xd_reader_choose(text, &reason)->read(&reading) || reading.refused || findings.count) {
        (void)fprintf(stderr, "%s: refused or with findings %s\n", name, err.text);
        return 1;
    }
    begin = seconds() - begin;
    (void)printf("%s\t%.0f MB/s\t%zu bytes\t%llu rows\n", name, (double)text.len / begin / MB,
                 text.len, (unsigned long long)result.rows);
    xd_arena_free(&arena);
    xd_arena_free(&tables_arena);
    return 0;
}

int
main(int argc, char **argv)
{
    size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 100) * MB;
    struct xd_buf text;
    int status = 0;

    xd_buf_init(&text, size + MB);
    make_desadv(&text, size);
    status |= run("edifact-desadv", xd_buf_slice(&text));
    text.len = 0;
    make_856(&text, size);
    status |= run("x12-856", xd_buf_slice(&text));
    xd_buf_free(&text);
    return status;
}
