package io.dogsled.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Where the payloads of a story come from: files that were named, or the {@code events} folder in the function's jar. */
final class StoryEvents {
    private StoryEvents() {}

    /**
     * Reads event files.
     *
     * @throws IllegalArgumentException with one sentence for the user
     */
    static List<StoryPlan.NamedEvent> read(List<Path> files) {
        List<StoryPlan.NamedEvent> events = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("There is no event file " + file + ".");
            }
            try {
                String json = Files.readString(file);
                new ObjectMapper().readTree(json);
                events.add(new StoryPlan.NamedEvent(name(String.valueOf(file.getFileName())), json));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        "The event file " + file + " is not JSON: " + e.getOriginalMessage() + ".", e);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "The event file " + file + " cannot be read: " + e.getMessage() + ".", e);
            }
        }
        return events;
    }

    /** The events that a function brings along, by name; one empty object if it brings none. */
    static List<StoryPlan.NamedEvent> in(Path functionJar) throws IOException {
        List<StoryPlan.NamedEvent> events = new ArrayList<>();
        try (JarFile jar = new JarFile(functionJar.toFile())) {
            List<JarEntry> entries = jar.stream()
                    .filter(entry -> entry.getName().contains("/events/"))
                    .filter(entry -> entry.getName().endsWith(".json"))
                    .sorted((a, b) -> a.getName().compareTo(b.getName()))
                    .toList();
            for (JarEntry entry : entries) {
                String json = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                String file = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                events.add(new StoryPlan.NamedEvent(name(file), json));
            }
        }
        return events.isEmpty() ? List.of(new StoryPlan.NamedEvent("empty", "{}")) : events;
    }

    private static String name(String file) {
        return file.endsWith(".json") ? file.substring(0, file.length() - ".json".length()) : file;
    }
}
