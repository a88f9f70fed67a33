package io.dogsled.it.flush;

/** How many endpoints there are, and which of them the row's fault is played at; the other one is well. */
enum Endpoints {
    ONE("one endpoint"),
    MAIN_STRUCK("two, the main one struck"),
    OTHER_STRUCK("two, the additional one struck");

    private final String words;

    Endpoints(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
