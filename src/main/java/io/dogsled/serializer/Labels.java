package io.dogsled.serializer;

import com.google.protobuf.CodedOutputStream;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Resources and tags of a series (protocol.md §1.6, §4.1). There is always one {@code host} resource, here without a name;
 * then {@code device:x} becomes a resource of type device, then {@code dd.internal.resource:type:name} one of that type;
 * both leave the tags. What is not of that form stays a tag.
 *
 * <pre>
 * 0a .. 0a 04 host                     resources: Resource { type 1, name 2 }
 * 0a .. 0a 06 device 12 .. x
 * 1a .. env:dev                        tags
 * </pre>
 */
final class Labels {
    private static final byte[] HOST = ascii("host");
    private static final byte[] DEVICE = ascii("device");
    private static final Text DEVICE_PREFIX = Text.of("device:");
    private static final Text RESOURCE_PREFIX = Text.of("dd.internal.resource:");

    private static final int RESOURCES = 1;
    private static final int TAGS = 3;
    private static final int TYPE = 1;
    private static final int NAME = 2;

    private Labels() {}

    /** The bytes that {@link #writeResources} and {@link #writeTags} write. */
    static int size(Context context) {
        int size = Wire.sizeOfBytes(Wire.sizeOfBytes(HOST.length));
        List<Text> tags = context.tags();
        for (int i = 0; i < tags.size(); i++) {
            Text tag = tags.get(i);
            if (isDevice(tag)) {
                int name = tag.length() - DEVICE_PREFIX.length();
                size += Wire.sizeOfBytes(Wire.sizeOfBytes(DEVICE.length) + Wire.sizeOfBytes(name));
            } else {
                int colon = resourceColon(tag);
                size += colon < 0 ? Wire.sizeOfBytes(tag.length()) : Wire.sizeOfBytes(resourceSize(tag, colon));
            }
        }
        return size;
    }

    static void writeResources(CodedOutputStream out, Context context) throws IOException {
        Wire.writeHead(out, RESOURCES, Wire.sizeOfBytes(HOST.length));
        Wire.writeBytes(out, TYPE, HOST, 0);
        List<Text> tags = context.tags();
        for (int i = 0; i < tags.size(); i++) {
            if (isDevice(tags.get(i))) {
                int name = tags.get(i).length() - DEVICE_PREFIX.length();
                Wire.writeHead(out, RESOURCES, Wire.sizeOfBytes(DEVICE.length) + Wire.sizeOfBytes(name));
                Wire.writeBytes(out, TYPE, DEVICE, 0);
                Wire.writeBytes(out, NAME, tags.get(i).bytes(), DEVICE_PREFIX.length());
            }
        }
        for (int i = 0; i < tags.size(); i++) {
            int colon = resourceColon(tags.get(i));
            if (colon > 0) {
                byte[] tag = tags.get(i).bytes();
                Wire.writeHead(out, RESOURCES, resourceSize(tags.get(i), colon));
                Wire.writeBytes(out, TYPE, tag, RESOURCE_PREFIX.length(), colon);
                Wire.writeBytes(out, NAME, tag, colon + 1);
            }
        }
    }

    static void writeTags(CodedOutputStream out, Context context) throws IOException {
        List<Text> tags = context.tags();
        for (int i = 0; i < tags.size(); i++) {
            Text tag = tags.get(i);
            if (!isDevice(tag) && resourceColon(tag) < 0) {
                Wire.writeText(out, TAGS, tag);
            }
        }
    }

    private static boolean isDevice(Text tag) {
        return tag.length() > DEVICE_PREFIX.length() && tag.startsWith(DEVICE_PREFIX);
    }

    /** Where the colon between type and name is, both not empty; −1 if the tag is no resource. */
    private static int resourceColon(Text tag) {
        if (!tag.startsWith(RESOURCE_PREFIX)) {
            return -1;
        }
        byte[] bytes = tag.bytes();
        for (int i = RESOURCE_PREFIX.length(); i < bytes.length - 1; i++) {
            if (bytes[i] == ':') {
                return i == RESOURCE_PREFIX.length() ? -1 : i;
            }
        }
        return -1;
    }

    private static int resourceSize(Text tag, int colon) {
        return Wire.sizeOfBytes(colon - RESOURCE_PREFIX.length()) + Wire.sizeOfBytes(tag.length() - colon - 1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
