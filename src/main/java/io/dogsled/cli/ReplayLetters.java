package io.dogsled.cli;

import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Puts letters together from their parts, which come in any order, among those of other letters, and more than once. A
 * letter is handed on as soon as it is whole, so only incomplete ones are kept. One thread.
 */
final class ReplayLetters implements ReplayScanner.Finder {
    /** Told about each whole letter, once an id. */
    interface Receiver {
        void onLetter(ReplayLetter letter);
    }

    /** Told what cannot be read. */
    interface Complaints {
        void onDamaged(String where, String why);
    }

    private final Receiver receiver;
    private final Complaints complaints;
    private final Map<String, Incomplete> incomplete = new LinkedHashMap<>();
    private final Set<String> whole = new HashSet<>();
    private final Set<String> contradictory = new HashSet<>();
    private String where = "";
    private long parts;
    private long repeated;
    private long damaged;

    ReplayLetters(Receiver receiver, Complaints complaints) {
        this.receiver = receiver;
        this.complaints = complaints;
    }

    /** The file that is read from now on. */
    void enter(String name) {
        where = name;
    }

    @Override
    public void onPart(ReplayPart part) {
        parts++;
        if (whole.contains(part.id()) || contradictory.contains(part.id())) {
            repeated++;
            return;
        }
        Incomplete letter = incomplete.computeIfAbsent(part.id(), id -> new Incomplete(part));
        switch (letter.add(part)) {
            case REPEATED -> repeated++;
            case CONTRADICTORY -> {
                incomplete.remove(part.id());
                contradictory.add(part.id());
                onDamaged("letter " + part.id(), "two of its lines contradict each other");
            }
            case NEW -> {
                if (letter.isWhole()) {
                    incomplete.remove(part.id());
                    whole.add(part.id());
                    receive(letter);
                }
            }
        }
    }

    @Override
    public void onDamaged(long line, String why) {
        onDamaged(where + ", line " + line, why);
    }

    /** The rest of the file that was entered last cannot be read. */
    void onFileDamaged(String why) {
        onDamaged(where, why);
    }

    /** Lines of dead letters that could be read, repeated ones among them. */
    long parts() {
        return parts;
    }

    /** Lines that said what was known. */
    long repeated() {
        return repeated;
    }

    /** Lines and letters that could not be read. */
    long damaged() {
        return damaged;
    }

    /** Letters some of whose parts are missing, by id, each with a sentence. */
    SortedMap<String, String> incomplete() {
        SortedMap<String, String> all = new TreeMap<>();
        incomplete.forEach((id, letter) -> all.put(id, letter.missing()));
        return all;
    }

    private void receive(Incomplete letter) {
        ReplayLetter received = letter.letter();
        String problem = received.problem();
        if (problem.isEmpty()) {
            receiver.onLetter(received);
        } else {
            onDamaged("letter " + received.id(), problem);
        }
    }

    private void onDamaged(String what, String why) {
        damaged++;
        complaints.onDamaged(what, why);
    }

    private enum Added {
        NEW,
        REPEATED,
        CONTRADICTORY
    }

    /** A letter that is being put together. */
    private static final class Incomplete {
        private final ReplayPart first;
        private final SortedMap<Integer, ReplayPart> parts = new TreeMap<>();

        Incomplete(ReplayPart first) {
            this.first = first;
        }

        Added add(ReplayPart part) {
            if (part.parts() != first.parts() || part.kind() != first.kind()) {
                return Added.CONTRADICTORY;
            }
            ReplayPart known = parts.putIfAbsent(part.part(), part);
            return known == null ? Added.NEW : known.equals(part) ? Added.REPEATED : Added.CONTRADICTORY;
        }

        boolean isWhole() {
            return parts.size() == first.parts();
        }

        ReplayLetter letter() {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            parts.values().forEach(part -> body.writeBytes(part.bytes()));
            return new ReplayLetter(first.id(), first.kind(), body.toByteArray());
        }

        String missing() {
            StringBuilder missing = new StringBuilder();
            for (int part = 1; part <= first.parts(); part++) {
                if (!parts.containsKey(part)) {
                    missing.append(missing.isEmpty() ? "" : ", ").append(part);
                }
            }
            return "part " + missing + " of " + first.parts() + " is missing";
        }
    }
}
