package oracle;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.velocity.Template;

/**
 * Velocity behind a pipe: a case comes in on one line as JSON, and its answer goes out on one.
 * A case with "renders": N is rendered N times, and the answer is how long that took in nanoseconds of CPU.
 */
public final class Peer {
  public static void main(String[] args) throws Exception {
    Main.aws = args.length > 0;
    var cpu = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Map<String, Template> compiled = new HashMap<>();
    for (String line; (line = in.readLine()) != null; ) {
      Map<String, Object> answer = new LinkedHashMap<>();
      try {
        Map<String, Object> c = Vars.map(Vars.CONF.jsonProvider().parse(line));
        String id = (String) c.get("id"), text = (String) c.get("template");
        if (c.get("renders") instanceof Number n) {
          if (!compiled.containsKey(id)) compiled.put(id, new Engine(Main.aws).compile(id, text));
          Template t = compiled.get(id);
          long begin = cpu.getProcessCpuTime();
          for (int i = 0; i < n.intValue(); i++) Main.sink += Main.render(t, c).output().length();
          answer.put("nanos", cpu.getProcessCpuTime() - begin);
        } else {
          var rendered = Main.render(new Engine(Main.aws).compile(id, text), c);
          answer.put("output", rendered.output());
          if (!rendered.overrides().isEmpty()) answer.put("overrides", rendered.overrides());
        }
      } catch (Throwable t) {
        answer.put("error", t.getClass().getSimpleName() + ": " + t.getMessage());
      }
      out.println(Main.json(answer));
      out.flush();
    }
  }
}
