package io.dogsled.it.contract;

import io.dogsled.it.Packaged;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The packaged layer with one defect: a method of the engine that throws whenever it is called. The rest is linked to the real
 * layer. Its AOT cache belongs to another jar, so the JVM starts without.
 */
final class BrokenLayer {
    private BrokenLayer() {}

    /**
     * Makes one in an empty folder.
     *
     * @param type of {@code io.dogsled}, for example {@code serializer.PayloadSerializer}
     * @param method all methods of that name
     */
    static Path in(Path folder, String type, String method, Class<? extends Throwable> thrown) throws IOException {
        Path real = Packaged.layer();
        Path broken = Files.createDirectories(folder.resolve("dogsled"));
        Path program = Files.createDirectories(folder.resolve("extensions")).resolve("dogsled");
        Files.copy(real.resolve("extensions/dogsled"), program, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(broken.resolve("jre"), real.resolve("dogsled/jre"));
        Files.copy(real.resolve("dogsled/jvm.options"), broken.resolve("jvm.options"));
        Path jar = Files.copy(real.resolve("dogsled/dogsled.jar"), broken.resolve("dogsled.jar"));
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Path file = zip.getPath("/io/dogsled/" + type.replace('.', '/') + ".class");
            Files.write(file, breaking(Files.readAllBytes(file), method, thrown));
        }
        return folder;
    }

    /** Such a method's whole code becomes {@code throw new X()}. */
    private static byte[] breaking(byte[] type, String method, Class<? extends Throwable> thrown) {
        ClassFile files = ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG);
        return files.transformClass(
                files.parse(type),
                ClassTransform.transformingMethodBodies(
                        model -> model.methodName().equalsString(method),
                        CodeTransform.ofStateful(() -> new Throwing(thrown))));
    }

    private static final class Throwing implements CodeTransform {
        private final ClassDesc thrown;

        Throwing(Class<? extends Throwable> thrown) {
            this.thrown = ClassDesc.of(thrown.getName());
        }

        @Override
        public void atStart(CodeBuilder code) {
            code.new_(thrown)
                    .dup()
                    .invokespecial(thrown, ConstantDescs.INIT_NAME, MethodTypeDesc.of(ConstantDescs.CD_void))
                    .athrow();
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            // nothing of the old code is kept
        }
    }
}
