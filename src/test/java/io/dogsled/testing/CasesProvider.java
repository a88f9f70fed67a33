package io.dogsled.testing;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** The cases that a {@link CasesSource} names, in the order of the files. */
final class CasesProvider implements ArgumentsProvider, AnnotationConsumer<CasesSource> {
    private Set<String> wanted = Set.of();
    private Set<String> except = Set.of();

    @Override
    public void accept(CasesSource source) {
        wanted = new TreeSet<>(Arrays.asList(source.value()));
        except = new TreeSet<>(Arrays.asList(source.except()));
    }

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return Cases.all().stream().filter(this::isWanted).map(Arguments::of);
    }

    private boolean isWanted(Case candidate) {
        return Cases.names(wanted, candidate) && !Cases.names(except, candidate);
    }
}
