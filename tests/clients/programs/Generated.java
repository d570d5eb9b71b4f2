// What generated Java is marked with: part of the platform until Java 8, a package of its own since.
package javax.annotation;

public @interface Generated {
    String[] value();
    String date() default "";
    String comments() default "";
}
