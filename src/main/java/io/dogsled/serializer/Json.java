package io.dogsled.serializer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The streaming generator and what both JSON formats need; jackson loads with the first use. */
final class Json {
    /** Braces, names and numbers of an item, roughly. */
    static final int ITEM_OVERHEAD = 256;

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Closing the generator ends the text; {@code out} stays open. */
    static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out);
    }

    static void writeUnlessEmpty(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    /** Writes the array itself; its name comes before. */
    static void writeStrings(JsonGenerator json, List<String> strings) throws IOException {
        json.writeStartArray();
        for (String string : strings) {
            json.writeString(string);
        }
        json.writeEndArray();
    }

    /** The characters of all strings, which is nearly the bytes they take. */
    static int length(List<String> strings) {
        int length = 0;
        for (String string : strings) {
            length += string.length();
        }
        return length;
    }
}
