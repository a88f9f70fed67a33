package io.dogsled.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No {@code invokedynamic} in the extension's classes but the three methods a record has by itself, which run only if
 * somebody calls them: a lambda, a pattern switch or a generated {@code hashCode} costs 6 to 25 ms at its first use
 * (style.md §3), and ArchUnit does not see such call sites.
 */
class CallSiteTest {
    private static final Set<String> RECORD_METHODS = Set.of("toString", "hashCode", "equals");
    private static final Set<String> TOOLS = Set.of("testserver", "emulator", "cli", "sample");

    /** Classes that load only after {@code ready} and may have call sites, with the reason. */
    private static final Set<String> AFTER_READY = Set.of();

    @Test
    void extensionClassesHaveNoDynamicCallSites() throws IOException {
        List<Path> classes = extensionClasses();
        assertThat(classes).hasSizeGreaterThan(10);
        Set<String> found = new TreeSet<>();
        for (Path path : classes) {
            ClassModel model = ClassFile.of().parse(path);
            String name = model.thisClass().asInternalName();
            if (!AFTER_READY.contains(name)) {
                for (MethodModel method : model.methods()) {
                    if (!isGeneratedByRecord(model, method) && hasDynamicCall(method)) {
                        found.add(name + "." + method.methodName().stringValue());
                    }
                }
            }
        }
        assertThat(found).as("call sites that cost start-up time").isEmpty();
    }

    private static List<Path> extensionClasses() throws IOException {
        Path root = Path.of("target/classes/io/dogsled");
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                String room = root.relativize(path).getName(0).toString();
                if (path.toString().endsWith(".class") && !TOOLS.contains(room)) {
                    found.add(path);
                }
            }
        }
        return found;
    }

    private static boolean isGeneratedByRecord(ClassModel model, MethodModel method) {
        boolean isRecord = model.superclass()
                .map(parent -> parent.asInternalName().equals("java/lang/Record"))
                .orElse(false);
        return isRecord && RECORD_METHODS.contains(method.methodName().stringValue());
    }

    private static boolean hasDynamicCall(MethodModel method) {
        boolean[] found = {false};
        method.code().ifPresent(code -> {
            for (CodeElement element : code) {
                found[0] |= element instanceof InvokeDynamicInstruction;
            }
        });
        return found[0];
    }
}
