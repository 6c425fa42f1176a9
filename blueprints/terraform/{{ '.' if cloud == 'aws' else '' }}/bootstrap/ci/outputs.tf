output "role_arns" {
  description = "ARN of each role, by its name."
  value       = { for role in aws_iam_role.this : role.name => role.arn }
}
