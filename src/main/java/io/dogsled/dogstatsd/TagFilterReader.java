package io.dogsled.dogstatsd;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.dogsled.base.Log;
import io.dogsled.config.ConfigProblem;
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
    private static final String EXPECTED = "a JSON array of {\"metric_name\",\"action\",\"tags\"}, ";

    /** JSON, but no rules; the message says what it is. */
    private static final class NoRules extends Exception {
        private static final long serialVersionUID = 1L;

        NoRules(String message) {
            super(message);
        }
    }

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
        } catch (NoRules e) {
            fault = "found " + e.getMessage();
        } catch (JsonProcessingException e) {
            fault = "found what is not JSON at character " + e.getLocation().getCharOffset();
        } catch (IOException e) {
            fault = "not readable: " + e.getMessage();
        }
        log.warn(new ConfigProblem(VARIABLE, text, EXPECTED + fault, "none, so no tag is taken off").line());
        return Map.of();
    }

    private Map<Text, TagFilter> rules() throws IOException, NoRules {
        json.nextToken();
        expect(JsonToken.START_ARRAY, "array of rules");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            rule();
        }
        return filters;
    }

    private void rule() throws IOException, NoRules {
        String metric = "";
        String action = "";
        Set<Text> keys = new HashSet<>();
        expect(JsonToken.START_OBJECT, "rule");
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
            throw new NoRules("a rule without metric_name");
        }
        if (!action.isEmpty() && !action.equals("exclude") && !action.equals("include")) {
            log.warn(VARIABLE + ": action \"" + action + "\" of " + metric
                    + " is neither exclude nor include; exclude is used");
        }
        TagFilter filter = new TagFilter(!action.equals("include"), keys);
        TagFilter earlier = filters.get(Text.of(metric));
        filters.put(Text.of(metric), earlier == null ? filter : earlier.and(filter));
    }

    private Set<Text> keys() throws IOException, NoRules {
        Set<Text> keys = new HashSet<>();
        expect(JsonToken.START_ARRAY, "array of tag keys");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            keys.add(Text.of(text()));
        }
        return keys;
    }

    private String text() throws IOException, NoRules {
        expect(JsonToken.VALUE_STRING, "text");
        return json.getText();
    }

    private void expect(JsonToken token, String what) throws NoRules {
        if (json.currentToken() != token) {
            throw new NoRules("no " + what + " at character "
                    + json.currentTokenLocation().getCharOffset());
        }
    }
}
