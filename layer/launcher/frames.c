#include "frames.h"

#include <string.h>

void frame_prefix_u64(struct frame *frame, uint64_t value)
{
    for (size_t i = 0; i < 8; i++) {
        frame->prefix[i] = (unsigned char)(value >> (8 * i));
    }
    frame->prefix_length = 8;
}

size_t frame_size(const struct frame *frame)
{
    return 5 + frame->prefix_length + frame->length;
}

bool frame_append(struct bytes *out, const struct frame *frame, size_t limit)
{
    size_t length = frame_size(frame) - 4;
    if (length > FRAME_LENGTH_MAX || limit < out->length || limit - out->length < length + 4) {
        return false;
    }
    unsigned char head[5] = {(unsigned char)length, (unsigned char)(length >> 8), (unsigned char)(length >> 16),
                             (unsigned char)(length >> 24), (unsigned char)frame->type};
    size_t before = out->length;
    if (bytes_append(out, head, sizeof head, limit) && bytes_append(out, frame->prefix, frame->prefix_length, limit) &&
        bytes_append(out, frame->data, frame->length, limit)) {
        return true;
    }
    out->length = before; /* no memory: half a frame would be nonsense to the engine */
    return false;
}

static uint32_t length_of(const unsigned char *head)
{
    return (uint32_t)head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 24;
}

static void start_payload(struct frame_reader *reader, uint32_t length)
{
    reader->left = length - 1;
    reader->kept = 0;
    reader->cut = false;
}

static void take_payload(struct frame_reader *reader, const unsigned char **data, size_t *count)
{
    size_t taken = *count < reader->left ? *count : reader->left;
    size_t room = sizeof reader->payload - reader->kept;
    size_t kept = taken < room ? taken : room;
    memcpy(reader->payload + reader->kept, *data, kept);
    reader->kept += kept;
    reader->cut = reader->cut || kept < taken;
    reader->left -= (uint32_t)taken;
    *data += taken;
    *count -= taken;
}

enum frame_progress frame_read(struct frame_reader *reader, const unsigned char **data, size_t *count)
{
    if (reader->head_length == sizeof reader->head && reader->left == 0) {
        reader->head_length = 0; /* the frame handed out last */
    }
    while (reader->head_length < sizeof reader->head) {
        if (*count == 0) {
            return FRAME_INCOMPLETE;
        }
        reader->head[reader->head_length++] = **data;
        (*data)++;
        (*count)--;
        if (reader->head_length == 4) {
            uint32_t length = length_of(reader->head);
            if (length == 0 || length > FRAME_LENGTH_MAX) {
                return FRAME_NONSENSE;
            }
            start_payload(reader, length);
        }
    }
    take_payload(reader, data, count);
    return reader->left == 0 ? FRAME_COMPLETE : FRAME_INCOMPLETE;
}
