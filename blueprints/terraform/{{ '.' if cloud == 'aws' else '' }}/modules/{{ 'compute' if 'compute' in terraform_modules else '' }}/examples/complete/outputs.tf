output "autoscaling_group_name" {
  description = "Name of the group."
  value       = module.compute.autoscaling_group_name
}
