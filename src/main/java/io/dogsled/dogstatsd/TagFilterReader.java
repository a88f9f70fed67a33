package io.dogsled.dogstatsd;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.dogsled.base.Log;
import io.dogsled.metrics.Text;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The text of {@code DD_METRIC_TAG_FILTERLIST} → a filter for each metric it names. Unknown fields are skipped.
 *
 * <pre>
 * [{"metric_name":"checkout.time","action":"exclude","tags":["user","session"]}]
 * </pre>
 *
 * <p>Without an action, or with an empty or unknown one, tags are excluded, as in the Agent; an unknown one gets a line.
 */
final class TagFilterReader {
    private static final String VARIABLE = "DD_METRIC_TAG_FILTERLIST";

    private final JsonParser json;
    private final Log log;
    private final Map<Text, TagFilter> filters = new HashMap<>();

    private TagFilterReader(JsonParser json, Log log) {
        this.json = json;
        this.log = log;
    }

    /** Never throws: a text that cannot be used gets a line, and no tag is taken off. */
    static Map<Text, TagFilter> read(String text, Log log) {
        String fault;
        try (JsonParser json = new JsonFactory().createParser(text)) {
            return new TagFilterReader(json, log).rules();
        } catch (JsonProcessingException e) {
            fault = e.getOriginalMessage();
        } catch (IOException e) {
            fault = e.getMessage();
        }
        log.warn(VARIABLE + " cannot be used, no tag is taken off: " + fault
                + "; expected an array of {\"metric_name\",\"action\",\"tags\"}");
        return Map.of();
    }

    private Map<Text, TagFilter> rules() throws IOException {
        json.nextToken();
        expect(JsonToken.START_ARRAY, "an array of rules");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            rule();
        }
        return filters;
    }

    private void rule() throws IOException {
        String metric = "";
        String action = "";
        Set<Text> keys = new HashSet<>();
        expect(JsonToken.START_OBJECT, "a rule");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "metric_name" -> metric = text();
                case "action" -> action = text();
                case "tags" -> keys = keys();
                default -> json.skipChildren();
            }
        }
        if (metric.isEmpty()) {
            throw new JsonParseException(json, "a rule without metric_name");
        }
        if (!action.isEmpty() && !action.equals("exclude") && !action.equals("include")) {
            log.warn(VARIABLE + ": action \"" + action + "\" of " + metric
                    + " is neither exclude nor include; exclude is used");
        }
        TagFilter filter = new TagFilter(!action.equals("include"), keys);
        TagFilter earlier = filters.get(Text.of(metric));
        filters.put(Text.of(metric), earlier == null ? filter : earlier.and(filter));
    }

    private Set<Text> keys() throws IOException {
        Set<Text> keys = new HashSet<>();
        expect(JsonToken.START_ARRAY, "an array of tag keys");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            keys.add(Text.of(text()));
        }
        return keys;
    }

    private String text() throws IOException {
        expect(JsonToken.VALUE_STRING, "a text");
        return json.getText();
    }

    private void expect(JsonToken token, String what) throws IOException {
        if (json.currentToken() != token) {
            throw new JsonParseException(
                    json,
                    "expected " + what + " at character "
                            + json.currentTokenLocation().getCharOffset());
        }
    }
}
