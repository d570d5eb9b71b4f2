import com.sun.source.util.JavacTask;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** Reads a source file and fails where it is not Java. What it imports need not be there. */
class Parse {
    public static void main(String[] names) throws Exception {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null).getJavaFileObjects(Path.of(names[0]));
        var faults = new javax.tools.DiagnosticCollector<javax.tools.JavaFileObject>();
        ((JavacTask) compiler.getTask(null, null, faults, null, null, files)).parse();
        faults.getDiagnostics().forEach(System.err::println);
        System.exit(faults.getDiagnostics().isEmpty() ? 0 : 1);
    }
}
