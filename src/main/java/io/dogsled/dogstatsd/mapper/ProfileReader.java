package io.dogsled.dogstatsd.mapper;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of {@code DD_DOGSTATSD_MAPPER_PROFILES} → profiles. Unknown fields are skipped, as Go does.
 *
 * <pre>
 * [{"name":"p","prefix":"x.","mappings":[
 *     {"match":"x.job.*.*","match_type":"wildcard","name":"x.job","tags":{"type":"$1","job":"$2"}}]}]
 * </pre>
 */
final class ProfileReader {
    private final JsonParser json;

    private ProfileReader(JsonParser json) {
        this.json = json;
    }

    static List<MappingProfile> read(String text) throws MapperException {
        try (JsonParser json = new JsonFactory().createParser(text)) {
            return new ProfileReader(json).profiles();
        } catch (JsonProcessingException e) {
            throw new MapperException("not JSON at character " + e.getLocation().getCharOffset());
        } catch (IOException e) {
            throw new MapperException("not readable: " + e.getMessage());
        }
    }

    private List<MappingProfile> profiles() throws IOException, MapperException {
        List<MappingProfile> profiles = new ArrayList<>();
        json.nextToken();
        expect(JsonToken.START_ARRAY, "an array of profiles");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            profiles.add(profile());
        }
        return profiles;
    }

    private MappingProfile profile() throws IOException, MapperException {
        String name = "";
        String prefix = "";
        List<MappingProfile.Mapping> mappings = new ArrayList<>();
        expect(JsonToken.START_OBJECT, "a profile");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            switch (field()) {
                case "name" -> name = text();
                case "prefix" -> prefix = text();
                case "mappings" -> mappings = mappings();
                default -> json.skipChildren();
            }
        }
        return new MappingProfile(name, prefix, mappings);
    }

    private List<MappingProfile.Mapping> mappings() throws IOException, MapperException {
        List<MappingProfile.Mapping> mappings = new ArrayList<>();
        expect(JsonToken.START_ARRAY, "an array of mappings");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            mappings.add(mapping());
        }
        return mappings;
    }

    private MappingProfile.Mapping mapping() throws IOException, MapperException {
        String match = "";
        String matchType = "";
        String name = "";
        Map<String, String> tags = new LinkedHashMap<>();
        expect(JsonToken.START_OBJECT, "a mapping");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            switch (field()) {
                case "match" -> match = text();
                case "match_type" -> matchType = text();
                case "name" -> name = text();
                case "tags" -> tags = tags();
                default -> json.skipChildren();
            }
        }
        return new MappingProfile.Mapping(match, matchType, name, tags);
    }

    private Map<String, String> tags() throws IOException, MapperException {
        Map<String, String> tags = new LinkedHashMap<>();
        expect(JsonToken.START_OBJECT, "an object of tags");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            tags.put(field(), text());
        }
        return tags;
    }

    /** The name of the field, with its value as the next token. */
    private String field() throws IOException, MapperException {
        expect(JsonToken.FIELD_NAME, "a field");
        String name = json.currentName();
        json.nextToken();
        return name;
    }

    private String text() throws IOException, MapperException {
        expect(JsonToken.VALUE_STRING, "a text");
        return json.getText();
    }

    private void expect(JsonToken token, String what) throws MapperException {
        if (json.currentToken() != token) {
            throw new MapperException("expected " + what + " at character "
                    + json.currentTokenLocation().getCharOffset());
        }
    }
}
