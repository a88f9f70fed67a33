package io.dogsled.dogstatsd.mapper;

/** Profiles that cannot be used; the message is the Agent's where it has one. */
public final class MapperException extends Exception {
    private static final long serialVersionUID = 1L;

    MapperException(String message) {
        super(message);
    }
}
