package io.dogsled.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files stay below 400 lines, methods below 30, parameter lists at 5 (style.md §2, rule 21). */
class SizeTest {
    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 30;
    private static final int PARAMETERS = 5;

    @Test
    @Timeout(60)
    void filesMethodsAndParameterListsStaySmall() throws IOException {
        List<Path> sources = sources();
        assertThat(sources).hasSizeGreaterThan(10);
        List<String> tooLarge = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Measure(unit, positions, tooLarge).scan(unit, null);
            }
        }
        assertThat(tooLarge).as("nobody enjoys the long ones: split them").isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> main = Files.walk(Path.of("src/main/java"));
                Stream<Path> test = Files.walk(Path.of("src/test/java"))) {
            return Stream.concat(main, test)
                    .filter(path -> path.toString().endsWith(".java"))
                    .toList();
        }
    }

    private static final class Measure extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final LineMap lines;
        private final List<String> tooLarge;
        private boolean inRecord;

        Measure(CompilationUnitTree unit, SourcePositions positions, List<String> tooLarge) {
            this.unit = unit;
            this.positions = positions;
            this.lines = unit.getLineMap();
            this.tooLarge = tooLarge;
            long last = lines.getLineNumber(positions.getEndPosition(unit, unit));
            if (last > FILE_LINES) {
                tooLarge.add(name() + ": " + last + " lines");
            }
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
            boolean outer = inRecord;
            inRecord = type.getKind() == Tree.Kind.RECORD;
            super.visitClass(type, null);
            inRecord = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
            if (method.getBody() != null) {
                long length = line(positions.getEndPosition(unit, method.getBody()))
                        - line(positions.getStartPosition(unit, method.getBody()))
                        + 1;
                if (length > METHOD_LINES) {
                    tooLarge.add(name() + " " + method.getName() + ": " + length + " lines");
                }
            }
            if (method.getParameters().size() > PARAMETERS && !(inRecord && method.getReturnType() == null)) {
                tooLarge.add(name() + " " + method.getName() + ": "
                        + method.getParameters().size() + " parameters");
            }
            return super.visitMethod(method, null);
        }

        private long line(long position) {
            return lines.getLineNumber(position);
        }

        private String name() {
            return unit.getSourceFile().getName();
        }
    }
}
