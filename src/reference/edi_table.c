/*
 * Reads the segment and structure tables and works out every step a message can take before the
 * first message is read: at run time a step is one look into a table, and only a wrong message pays
 * for a search.
 */
#include "reference/edi_table.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/tsv.h"

struct xd_slice
xd_edi_syntax_name(enum xd_edi_syntax syntax)
{
    return syntax == XD_EDI_X12 ? XD_LIT("x12") : XD_LIT("edifact");
}

static bool
table_text(const struct xd_edi_tables *edi, struct xd_slice name, char *path, size_t size,
           struct xd_slice *text, struct xd_error *err)
{
    (void)snprintf(path, size, "edi/%.*s", XD_FMT(name));
    return xd_tables_get(edi->tables, path, text, err);
}

/* "an..35", "n4", "an2..30": kind, least and most. */
static bool
read_format(struct xd_slice text, struct xd_edi_component *out)
{
    static const char *const KINDS[] = {"an", "a", "n", "r", "dt", "tm"};
    size_t letters = 0;
    size_t dots;
    uint64_t least = 1;
    uint64_t most;
    unsigned kind = 0;

    while (letters < text.len && xd_is_lower(text.ptr[letters])) {
        letters++;
    }
    while (kind < 6 && !xd_slice_eq(xd_slice_sub(text, 0, letters), xd_slice_str(KINDS[kind]))) {
        kind++;
    }
    text = xd_slice_sub(text, letters, text.len);
    dots = xd_slice_find(text, '.');
    if (kind == 6 || (dots > 0 && !xd_slice_u64(xd_slice_sub(text, 0, dots), &least)) ||
        (dots == text.len && dots == 0)) {
        return false;
    }
    most = least;
    if (dots < text.len && !xd_slice_u64(xd_slice_sub(text, dots + 2, text.len), &most)) {
        return false;
    }
    out->form = (uint8_t)kind;
    out->least = (uint16_t)least;
    out->most = (uint16_t)most;
    out->range = (uint16_t)(most - least);
    return least <= most && most <= UINT16_MAX && least > 0;
}

/* "1001 C an..3" or "C an..3": the element number is for the reader of the table. */
static bool
read_component(struct xd_slice text, struct xd_edi_component *out)
{
    struct xd_slice part = XD_NONE;
    struct xd_slice status = XD_NONE;
    struct xd_slice last = XD_NONE;

    text = xd_slice_trim(text);
    while (xd_slice_next(&text, ' ', &part)) {
        status = last;
        last = part;
    }
    out->mandatory = xd_slice_eq(status, XD_LIT("M"));
    return (out->mandatory || xd_slice_eq(status, XD_LIT("C"))) && read_format(last, out);
}

static bool
read_content(struct xd_edi_directory *directory, struct xd_slice content, bool mandatory)
{
    struct xd_edi_element *element = &directory->elements[directory->element_count++];
    struct xd_slice part;

    element->first = directory->component_count;
    element->mandatory = mandatory;
    if (xd_slice_find(content, ' ') == content.len) {
        struct xd_edi_component *only = &directory->components[directory->component_count++];
        only->mandatory = mandatory;
        element->components = 1;
        element->needed = mandatory;
        return read_format(content, only);
    }
    while (xd_slice_next(&content, ',', &part)) {
        struct xd_edi_component *component = &directory->components[directory->component_count++];
        element->components++;
        if (!read_component(part, component)) {
            return false;
        }
        element->needed = component->mandatory ? element->components : element->needed;
    }
    return true;
}

/* What may stand at each component of an element that was read: see enum xd_edi_allow. */
static void
allow_parts(struct xd_edi_directory *directory, const struct xd_edi_element *element)
{
    for (unsigned i = 0; i < element->components; i++) {
        struct xd_edi_component *component = &directory->components[element->first + i];
        bool last = i + 1u == element->components;
        bool may_end = i + 1u >= element->needed;
        bool may_be_left_out = i == 0 ? !element->mandatory : !component->mandatory && may_end;
        component->next[0] = 1;
        component->next[1] = (uint8_t)(element->components - i);
        component->allows =
            (uint8_t)((!last && !component->mandatory) << XD_EDI_EMPTY_THEN_MORE |
                      may_be_left_out << XD_EDI_EMPTY_AT_END | !last << XD_EDI_TEXT_THEN_MORE |
                      may_end << XD_EDI_TEXT_AT_END);
    }
}

/* Behind the last component of a segment stands one that allows nothing. */
static bool
start_segment(struct xd_edi_directory *directory, struct xd_slice tag)
{
    struct xd_edi_segment *segment = &directory->segments[directory->segment_count];
    uint32_t key = xd_edi_tag_key(tag.ptr, tag.len);
    uint32_t slot = xd_edi_tag_slot(key);

    if (key == 0 || directory->segment_count >= XD_EDI_NONE ||
        xd_edi_segment_find(directory, key) != XD_EDI_NONE) {
        return false;
    }
    directory->component_count++;
    memcpy(segment->tag, tag.ptr, tag.len);
    segment->first = directory->element_count;
    while (directory->keys[slot] != 0) {
        slot = (slot + 1) % XD_EDI_TAG_SLOTS;
    }
    directory->keys[slot] = key;
    directory->ids[slot] = (uint8_t)directory->segment_count++;
    return true;
}

static bool
read_segments(struct xd_edi_tables *edi, struct xd_edi_directory *directory, struct xd_slice name,
              struct xd_error *err)
{
    static const char *const COLUMNS[] = {"segment", "position", "status", "content"};
    struct xd_slice cells[4];
    struct xd_slice text;
    struct xd_slice tag = XD_NONE;
    struct xd_tsv tsv;
    uint64_t position;
    char path[256];

    if (!table_text(edi, name, path, sizeof(path), &text, err) ||
        !xd_tsv_open(&tsv, path, text, COLUMNS, 4, err)) {
        return false;
    }
    while (xd_tsv_next(&tsv, cells, err)) {
        if (!xd_slice_eq(tag, cells[0])) {
            tag = cells[0];
            if (!start_segment(directory, tag)) {
                return xd_tsv_fail(&tsv, err, "not a new segment tag:", tag);
            }
        }
        struct xd_edi_segment *segment = &directory->segments[directory->segment_count - 1];
        if (!xd_slice_u64(cells[1], &position) || position != segment->elements + 1u) {
            return xd_tsv_fail(&tsv, err, "positions of a segment count from 1:", cells[1]);
        }
        segment->elements++;
        segment->needed = xd_slice_eq(cells[2], XD_LIT("M")) ? segment->elements : segment->needed;
        if (!read_content(directory, cells[3], xd_slice_eq(cells[2], XD_LIT("M")))) {
            return xd_tsv_fail(&tsv, err, "not a format:", cells[3]);
        }
        allow_parts(directory, &directory->elements[directory->element_count - 1]);
    }
    return err->status == 0;
}

/* Room that certainly suffices: a row is an element, a comma or a row a component. */
static bool
reserve(struct xd_edi_tables *edi, struct xd_edi_directory *directory, struct xd_error *err)
{
    struct xd_slice names[2] = {directory->service, directory->release};
    size_t rows = 0;
    size_t commas = 0;
    struct xd_slice text;
    char path[256];

    for (size_t i = 0; i < 2 && names[i].len; i++) {
        if (!table_text(edi, names[i], path, sizeof(path), &text, err)) {
            return false;
        }
        rows += xd_tsv_count(text);
        for (size_t at = 0; at < text.len; at++) {
            commas += text.ptr[at] == ',';
        }
    }
    directory->segments = xd_arena_array(edi->arena, rows, sizeof(*directory->segments));
    directory->elements = xd_arena_array(edi->arena, rows, sizeof(*directory->elements));
    directory->components =
        xd_arena_array(edi->arena, 2 * rows + commas + 1, sizeof(*directory->components));
    if (!directory->segments || !directory->elements || !directory->components) {
        return xd_error_set(err, EX_OSERR, "memory ran out while reading the EDI tables");
    }
    return true;
}

const struct xd_edi_directory *
xd_edi_directory_get(struct xd_edi_tables *edi, struct xd_slice service, struct xd_slice release,
                     struct xd_error *err)
{
    struct xd_edi_directory *directory = edi->directories;

    for (; directory; directory = directory->next) {
        if (xd_slice_eq(directory->service, service) && xd_slice_eq(directory->release, release)) {
            return directory;
        }
    }
    directory = xd_arena_alloc(edi->arena, sizeof(*directory));
    if (!directory) {
        (void)xd_error_set(err, EX_OSERR, "memory ran out while reading the EDI tables");
        return NULL;
    }
    directory->service = service;
    directory->release = release;
    if (!reserve(edi, directory, err) || !read_segments(edi, directory, service, err) ||
        (release.len && !read_segments(edi, directory, release, err))) {
        return NULL;
    }
    directory->next = edi->directories;
    edi->directories = directory;
    return directory;
}
