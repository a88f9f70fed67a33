package io.dogsled.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process takes at a moment, from {@code /proc}.
 *
 * @param rssKb resident memory
 * @param privateKb the part of it that no other process shares
 * @param openFiles descriptors
 * @param writtenBytes what it has had written to disks since its start
 */
public record Footprint(long rssKb, long privateKb, int openFiles, int threads, long writtenBytes) {

    public static Footprint of(long pid) {
        Path proc = Path.of("/proc", String.valueOf(pid));
        try {
            String memory = Files.readString(proc.resolve("smaps_rollup"));
            return new Footprint(
                    number(memory, "Rss:"),
                    number(memory, "Private_Clean:") + number(memory, "Private_Dirty:"),
                    entries(proc.resolve("fd")).size(),
                    entries(proc.resolve("task")).size(),
                    number(Files.readString(proc.resolve("io")), "\nwrite_bytes:"));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** What is behind the descriptors of a process: paths, and words such as {@code socket:[123]}. */
    public static List<String> openPaths(long pid) {
        try {
            List<String> paths = new ArrayList<>();
            for (Path entry : entries(Path.of("/proc", String.valueOf(pid), "fd"))) {
                paths.add(target(entry));
            }
            return paths;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** The number behind a word. */
    private static long number(String text, String word) {
        int from = text.indexOf(word);
        if (from < 0) {
            throw new IllegalStateException("no " + word.strip() + " in " + text);
        }
        String rest = text.substring(from + word.length()).stripLeading();
        int end = 0;
        while (end < rest.length() && Character.isDigit(rest.charAt(end))) {
            end++;
        }
        return Long.parseLong(rest.substring(0, end));
    }
}
